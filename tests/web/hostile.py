"""Articles of the shapes that broke pages before. Each must be shown, and none may do anything."""

from __future__ import annotations

from typing import Any

#: Would be seen by the test, wherever it ran.
RUN = "window.ran=1"
STORY = "The harbour board met on Tuesday to settle the winter timetable of the island ferry for all of the outlets."

HOSTILE: tuple[dict[str, Any], ...] = (
    {"id": "wide", "title": "W" * 2000, "source": "S" * 200, "content": "X" * 5000},
    {
        "id": "<script>" + RUN + "</script>",
        "title": f"</title><script>{RUN}</script><img src=x onerror={RUN}>",
        "source": f'"><script>{RUN}</script>',
        "content": f"<p>One &lt;script&gt;{RUN}&lt;/script&gt; {{{{ 7*7 }}}} {{% raw %}}\n</p></main></body></html>",
    },
    {"id": "js", "title": "A link", "url": f"javascript:{RUN}", "source": "Links", "content": "Too little."},
    {"id": "at", "title": "Hidden", "url": "https://www.example.org@evil.example/", "source": "..", "content": "No."},
    {"id": "rtl", "title": "\u202egnirts \u2066x", "source": "مدينة", "content": "مدينة مرسى\u202e evil \u2067x"},
    {"id": "zwj", "title": "می\u200cخواهم 👩\u200d🚀", "source": "Emoji 👩\u200d🚀/ & ?#%", "content": "Persian."},
    {"id": "slash/../é?#", "title": "Slashes", "source": 'a/../b "quoted" \\ %2e%2e', "content": "Slashes."},
    {
        "id": "long",
        "title": "Long address",
        "url": "https://a.example/" + "u" * 1900,
        "source": "x.json",
        "content": "y",
    },
    {"id": "lines", "title": "Many lines", "source": "Lines", "content": "a\n" * 20_000},
    {"id": "nul", "title": "Controls \x00\x1b[31m\x7f", "source": "Nul", "content": "a\x00b\x1b[2J\ufeff c."},
    {"id": "twice", "title": "Twice", "source": "Twice", "content": "\n".join(f"{STORY} {n}" for n in range(9)) * 2},
)
