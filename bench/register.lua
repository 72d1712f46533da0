-- A whole registration: GET the form, take its cookie, token and key, POST it as a new person.
-- Connections share one queue of opened forms; every POST uses one, so each form is sent once.
-- BENCH_ROUND: stands in the names, so that nobody registers in two rounds.
-- BENCH_CHOICES: what is chosen among parallel items, taken in turn ("a=1&b=3 a=2&b=3 …").
local path = os.getenv("BENCH_FORM")
local round = os.getenv("BENCH_ROUND")
local choices = {}
for choice in (os.getenv("BENCH_CHOICES") or ""):gmatch("%S+") do
  table.insert(choices, "&" .. choice)
end
local opened = {}
local number = 0
completed, refused = 0, 0
local threads = {}

function setup(thread)
  thread:set("id", #threads + 1)
  table.insert(threads, thread)
end

function init(args)
  completed, refused = 0, 0
end

function request()
  local form = table.remove(opened)
  if not form then
    return wrk.format("GET", path)
  end
  number = number + 1
  local name = round .. id .. "x" .. number
  local body = "first_name=Person" .. name .. "&last_name=Bench&email=p" .. name .. "%40example.se"
    .. "&organisation=Bench&sector=civil_society&municipality=0680&role_kind=official&mode=room&form_key=" .. form.key .. "&csrf_token=" .. form.token
    .. (choices[number % math.max(#choices, 1) + 1] or "")
  return wrk.format("POST", path, {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["Cookie"] = form.cookie,
  }, body)
end

function response(status, headers, body)
  if status == 200 then
    local cookie = (headers["set-cookie"] or headers["Set-Cookie"] or ""):match("^[^;]+")
    table.insert(opened, {
      cookie = cookie,
      token = body:match('name="csrf_token" value="([^"]+)"'),
      key = body:match('name="form_key" value="([^"]+)"'),
    })
  elseif status == 303 then
    completed = completed + 1
  else
    refused = refused + 1
  end
end

function done(summary, latency, requests)
  local all, wrong = 0, 0
  for _, thread in ipairs(threads) do
    all = all + thread:get("completed")
    wrong = wrong + thread:get("refused")
  end
  io.write(string.format("COMPLETED %d REFUSED %d SECONDS %.3f P50MS %.1f P99MS %.1f\n", all, wrong,
    summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
