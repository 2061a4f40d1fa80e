"""What a page weighs in the browser, without its pictures and the points that are drawn as one."""

import re

PICTURES, POINTS = re.compile(r"\.(png|svg)"), re.compile(r"/light-curve\?")


def open_tab(context):
    """Return a tab that requests no pictures and keeps no files, and the list of its responses."""
    tab, responses = context.new_page(), []
    tab.route(PICTURES, lambda route: route.abort())
    tab.on("response", lambda response: responses.append(response))  # noqa: PLW0108  (Playwright cannot take a built-in method)
    return tab, responses


def weigh(tab, responses):
    """(transferred, unpacked) [bytes] of a page with its style sheets and scripts, once its network is silent."""
    tab.wait_for_load_state("networkidle")
    counted = [response for response in responses if not POINTS.search(response.url)]
    answered = [response for response in counted if response.status // 100 != 3]  # a redirect has no body
    return (
        sum(response.request.sizes()["responseBodySize"] for response in counted),
        sum(len(response.body()) for response in answered),
    )


def weigh_first_visit(browser, address):
    """(transferred, unpacked) [bytes] of a page for who has never been on the site."""
    context = browser.new_context()
    tab, responses = open_tab(context)
    tab.goto(address)
    weight = weigh(tab, responses)
    context.close()
    return weight
