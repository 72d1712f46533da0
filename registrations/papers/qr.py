"""Codes as pictures: the only place that knows QR."""

import segno


def svg(text: str) -> str:
    """A QR code as SVG, one unit a module, without a margin. Capitals and digits make it small."""
    # Always the same mask: to weigh all eight takes longer than everything else on a badge.
    rows = segno.make_qr(text, error="m", boost_error=False, mask=2).matrix
    strokes = [
        f"M{start} {y}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for start, length in _runs(row)
    ]
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path d="{"".join(strokes)}"/></svg>'
    )


def _runs(row: bytearray) -> list[tuple[int, int]]:
    """Where dark modules begin, and how many stand together."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
