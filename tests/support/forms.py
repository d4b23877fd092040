"""Reading a page as a browser without scripts does: its fields with what they hold, ready to be sent again."""

from html.parser import HTMLParser

Form = dict[str, list[str]]


class _Fields(HTMLParser):
    """The fields of the form with this action; buttons are not among them."""

    def __init__(self, action: str) -> None:
        super().__init__(convert_charrefs=True)
        self.action = action
        self.inside = False
        self.form: Form = {}
        self.area: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = found.get("action") == self.action
        if not self.inside or (not found.get("name") and tag != "option"):
            return
        if tag == "input":
            if found.get("type") in {"radio", "checkbox"} and "checked" not in found:
                return
            self.form.setdefault(found["name"], []).append(found.get("value", ""))
        elif tag == "textarea":
            self.area = found["name"]
            self.form[self.area] = [""]
        elif tag == "select":
            self.select = found["name"]
        elif tag == "option" and self.select and "selected" in found:
            self.form[self.select] = [found["value"]]

    def handle_data(self, data: str) -> None:
        if self.area:
            self.form[self.area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.area:
            self.form[self.area][0] = self.form[self.area][0].removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.select = None


def form_on(page: str, action: str) -> Form:
    """Field → values of the form that is sent to `action`; fails when the page has no such form."""
    fields = _Fields(action)
    fields.feed(page)
    assert fields.form, f"no form is sent to {action}"
    return fields.form
