def test_a_member_signs_in_and_out(client, staff):
    browser = staff("organiser")
    assert "Organiser Exempel" in browser.get("/arbeta/konto").text
    assert client.get("/arbeta/konto").status_code == 302
