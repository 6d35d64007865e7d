"""Makes page.cc of page.html: the page as a string, and the policy that lets nothing but it run.

The style and the script stand in the page itself, so the policy names them by their digests
(W3C Content Security Policy Level 3, section 2.3.1): markup that got into the page by whatever
way would neither be run nor styled.
"""

import base64
import hashlib
import re
import sys

# What C++ compilers take in one literal at least is 64 KiB; stay far below.
PIECE = 8000


def digest(page, tag):
    inside = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL).group(1)
    return "'sha256-" + base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode() + "'"


def literal(text):
    pieces = [text[i : i + PIECE] for i in range(0, len(text), PIECE)]
    return "\n".join(f'R"page({piece})page"' for piece in pieces)


def main(source, target):
    with open(source, encoding="utf-8") as file:
        page = file.read()
    policy = (
        f"default-src 'none'; style-src {digest(page, 'style')}; "
        f"script-src {digest(page, 'script')}; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    with open(target, "w", encoding="utf-8") as file:
        file.write(
            '#include "app/page.h"\n\nnamespace prombraid::app {\n\n'
            f"std::string_view page_html() {{\n  return\n{literal(page)};\n}}\n\n"
            f'std::string_view page_policy() {{\n  return "{policy}";\n}}\n\n'
            "}  // namespace prombraid::app\n"
        )


main(*sys.argv[1:])
