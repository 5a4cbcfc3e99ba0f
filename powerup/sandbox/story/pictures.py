"""The screenshots that customers attach: drawn here, small, no real person's or product's."""

_FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="240" viewBox="0 0 640 240" font-family="monospace" font-size="15">'
    '<rect width="640" height="240" fill="#10202b"/><rect width="640" height="34" fill="#0a4f6e"/>'
    '<text x="14" y="23" fill="#fff" font-family="sans-serif">Northwind Deploy · {title}</text>{lines}</svg>'
)


def _screen(title: str, *lines: tuple[str, str]) -> tuple[str, bytes]:
    """A picture of a task log; each line has a colour and words."""
    rows = (f'<text x="14" y="{62 + 26 * place}" fill="{color}">{words}</text>' for place, (color, words) in enumerate(lines))
    return "image/svg+xml", _FRAME.format(title=title, lines="".join(rows)).encode()


_GREY, _RED, _GREEN, _AMBER = "#c9d6de", "#ff8a80", "#8fe3b0", "#ffd180"

PICTURES = {
    "story/timeout.svg": _screen(
        "Task 48121",
        (_GREY, "14:02:11  Acquiring packages"),
        (_GREEN, "14:02:40  Acquired 3 packages"),
        (_GREY, "14:02:41  Step 4: Run database migration"),
        (_RED, "14:12:41  Step timed out after 00:10:00"),
        (_RED, "14:12:41  The deployment failed"),
    ),
    "story/dashboard.svg": _screen(
        "Dashboard",
        (_GREY, "payments-api     Dev 2.41   Test 2.41   Prod 2.39"),
        (_AMBER, "web-shop         Dev  -     Test  -     Prod  -"),
        (_GREY, "warehouse        Dev 9.0    Test 9.0    Prod 9.0"),
    ),
    "story/agent.svg": _screen(
        "Infrastructure / Agents",
        (_GREEN, "agent-osl-01     healthy      4.2.0"),
        (_RED, "agent-osl-02     offline      4.1.7   last seen 02:14"),
        (_GREEN, "agent-osl-03     healthy      4.2.0"),
    ),
    "story/signin.svg": _screen("Sign in", (_RED, "Something went wrong (state mismatch)"), (_GREY, "Correlation id 7f3c-11aa")),
}
"""Path below /uploads/ -> content type and bytes."""
