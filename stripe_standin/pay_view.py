"""What the hosted pay page looks like."""

from typing import Any

from stripe_standin.call import Site
from stripe_standin.cards import CARDS, DEBITS, QUICK_CARDS, Method, spaced
from stripe_standin.http_message import Response, origin_of
from stripe_standin.markup import Markup, filled, joined, money, page, tag
from stripe_standin.pay_form import PayForm, needs_terms, offers_saving
from stripe_standin.store import Record

NOTHING = Markup("")
ADDRESS_FIELDS = (
    ("shipping_name", "Full name", "name"),
    ("line1", "Street and number", "address-line1"),
    ("line2", "Addition (optional)", "address-line2"),
    ("postal_code", "Postcode", "postal-code"),
    ("city", "Town", "address-level2"),
)


def message(
    merchant: str,
    title: str,
    text: str,
    *,
    status: int = 200,
    link: tuple[str, str] | None = None,
) -> Response:
    """Return a page that only says something, with a way on."""
    way_on = NOTHING
    if link:
        way_on = tag('<p><a class="button" href="$url">$label</a></p>', label=link[0], url=link[1])
    content = filled("message.html", merchant=merchant, title=title, text=text, way_on=way_on)
    return page(title, content, status=status, leads_to=origin_of(link[1]) if link else None)


def challenge(site: Site, session: Record) -> Markup:
    """Return the page of the buyer's bank."""
    body = session.body
    return filled(
        "challenge.html",
        merchant=site.merchant,
        total=money(body["amount_total"], body["currency"]),
        action=f"/c/pay/{session.id}/authenticate",
    )


def pay_page(site: Site, session: Record, form: PayForm, *, known_email: str, focus: str) -> Markup:
    """Return the pay page with the form as the buyer left it."""
    body = session.body
    total = money(body["amount_total"], body["currency"])
    cancel = NOTHING
    if body["cancel_url"]:
        cancel = tag(
            '<a class="back" href="$url">&larr; Back to the shop</a>', url=body["cancel_url"]
        )
    return filled(
        "pay.html",
        merchant=site.merchant,
        total=total,
        shown_total=body["amount_total"],
        cancel=cancel,
        summary=_summary(session),
        action=f"/c/pay/{session.id}",
        errors=_error_summary(form),
        contact=_contact(form, body, known_email),
        shipping=_shipping(form, session),
        method=_method(form) if body["amount_total"] else NOTHING,
        terms=joined([_saving(form, body), _terms(form) if needs_terms(body) else NOTHING]),
        pay_label=f"Pay {total}" if body["amount_total"] else "Complete the order",
        focus=Markup(" autofocus") if focus == "pay" else NOTHING,
    )


def _row(label: str, amount: str, *, kind: str = "") -> Markup:
    return tag('<div class="$kind"><dt>$label</dt><dd>$amount</dd></div>', **locals())


def _summary(session: Record) -> Markup:
    body, items = session.body, session.inner["line_items"]
    currency, details = body["currency"], body["total_details"]
    lines = [
        tag(
            '<li><span class="what">$name</span><span class="times">$quantity &times; $each</span>'
            '<span class="amount">$amount</span></li>',
            name=item["description"],
            quantity=item["quantity"],
            each=money(item["amount_subtotal"] // item["quantity"], currency),
            amount=money(item["amount_subtotal"], currency),
        )
        for item in items
    ]
    rows = [_row("Subtotal", money(body["amount_subtotal"], currency))]
    if details["amount_discount"]:
        rows.append(_row("Discount", money(-details["amount_discount"], currency)))
    if body["shipping_cost"]:
        rows.append(_row("Shipping", money(details["amount_shipping"], currency)))
    rows.append(_row("Total", money(body["amount_total"], currency), kind="total"))
    if body["automatic_tax"]["enabled"]:
        rows.append(_row("Of which tax (19 %)", money(details["amount_tax"], currency), kind="tax"))
    return tag(
        '<ul class="lines">$lines</ul><dl class="sums">$rows</dl>',
        lines=joined(lines),
        rows=joined(rows),
    )


def _error_summary(form: PayForm) -> Markup:
    if not form.errors:
        return NOTHING
    links = joined(
        tag('<li><a href="#$name">$text</a></li>', name=name, text=text)
        for name, text in form.errors.items()
    )
    return tag(
        '<div class="errors" role="alert" tabindex="-1" autofocus>'
        "<p>The payment did not go through yet.</p>"
        "<ul>$links</ul></div>",
        links=links,
    )


def field(
    form: PayForm, name: str, label: str, *, attributes: str = "", kind: str = "text"
) -> Markup:
    """Return a labelled field with its value and, beneath it, what is wrong with it."""
    error = form.errors.get(name)
    mark = Markup(f' aria-invalid="true" aria-describedby="{name}-error"') if error else NOTHING
    note = tag('<p class="error" id="$name-error">$text</p>', name=name, text=error or "")
    return tag(
        '<div class="field"><label for="$name">$label</label>'
        '<input id="$name" name="$name" type="$kind" value="$value"$mark $attributes>$note</div>',
        name=name,
        label=label,
        kind=kind,
        value=form.values.get(name, ""),
        mark=mark,
        attributes=Markup(attributes),
        note=note if error else NOTHING,
    )


def _contact(form: PayForm, body: dict[str, Any], known_email: str) -> Markup:
    attributes = 'autocomplete="email" inputmode="email" required'
    pieces = [
        field(
            form,
            "email",
            "E-mail",
            kind="email",
            attributes=f"{attributes} readonly" if known_email else attributes,
        )
    ]
    if body["phone_number_collection"]["enabled"]:
        attributes = 'autocomplete="tel" required'
        pieces.append(field(form, "phone", "Telephone", kind="tel", attributes=attributes))
    return joined(pieces)


def _shipping(form: PayForm, session: Record) -> Markup:
    pieces = []
    asked = session.body["shipping_address_collection"]
    if asked:
        pieces.append(
            filled(
                "address.html",
                **_address_fields(form),
                countries=_countries(form, asked["allowed_countries"]),
            )
        )
    rates = session.inner["rates"]
    chosen = form.text("shipping_rate") or (rates[0]["id"] if rates else "")
    options = [
        _choice(
            "shipping_rate",
            rate["id"],
            rate["display_name"],
            chosen == rate["id"],
            amount=money(rate["fixed_amount"]["amount"], session.body["currency"]),
        )
        for rate in rates
    ]
    if options:
        pieces.append(
            tag(
                '<fieldset class="choices" id="shipping_rate">'
                "<legend>Shipping method</legend>$options</fieldset>",
                options=joined(options),
            )
        )
    return joined(pieces)


def _address_fields(form: PayForm) -> dict[str, Markup]:
    return {
        name.removeprefix("shipping_"): field(
            form, name, label, attributes=f'autocomplete="{autocomplete}"'
        )
        for name, label, autocomplete in ADDRESS_FIELDS
    }


def _countries(form: PayForm, allowed: list[str]) -> Markup:
    chosen = form.text("country") or allowed[0]
    return joined(
        tag(
            '<option value="$code"$mark>$code</option>',
            code=code,
            mark=Markup(" selected") if code == chosen else NOTHING,
        )
        for code in allowed
    )


def _choice(name: str, value: str, label: str, checked: bool, *, amount: str = "") -> Markup:
    return tag(
        '<label class="choice"><input type="radio" name="$name" value="$value"$mark>'
        '<span>$label</span><span class="amount">$amount</span></label>',
        name=name,
        value=value,
        label=label,
        amount=amount,
        mark=Markup(" checked") if checked else NOTHING,
    )


def _quick(method: Method) -> Markup:
    return tag(
        '<button class="quick" type="submit" name="fill" value="$key" formnovalidate>'
        "<span>$label</span><code>$number</code></button>",
        key=method.key,
        label=method.label,
        number=spaced(method.key),
    )


def _method(form: PayForm) -> Markup:
    chosen = form.text("method") or "card"
    more = [card for card in CARDS if card not in QUICK_CARDS]
    return filled(
        "method.html",
        card=_choice("method", "card", "Card", chosen == "card"),
        quick=joined(_quick(card) for card in QUICK_CARDS),
        more=joined(_quick(card) for card in more),
        number=field(
            form,
            "card_number",
            "Card number",
            attributes='autocomplete="off" inputmode="numeric" placeholder="4242 4242 4242 4242"',
        ),
        expiry=field(
            form,
            "card_expiry",
            "Expires",
            attributes='autocomplete="off" inputmode="numeric" placeholder="12 / 34"',
        ),
        cvc=field(
            form,
            "card_cvc",
            "Security code",
            attributes='autocomplete="off" inputmode="numeric" placeholder="123"',
        ),
        debits=joined(
            _choice(
                "method",
                debit.key,
                debit.label,
                chosen == debit.key,
            )
            for debit in DEBITS
        ),
        error=tag('<p class="error" id="method">$text</p>', text=form.errors["method"])
        if "method" in form.errors
        else NOTHING,
    )


def _saving(form: PayForm, body: dict[str, Any]) -> Markup:
    if not offers_saving(body):
        return NOTHING
    return tag(
        '<div class="field"><label class="check"><input type="checkbox" name="save_card" '
        'value="yes"$mark> Save this card for next time (a test)</label></div>',
        mark=Markup(" checked") if form.text("save_card") else NOTHING,
    )


def _terms(form: PayForm) -> Markup:
    error = form.errors.get("terms")
    return tag(
        '<div class="field"><label class="check"><input id="terms" type="checkbox" name="terms" '
        'value="yes"$mark> I agree to the terms of service</label>$note</div>',
        mark=Markup(" checked") if form.text("terms") else NOTHING,
        note=tag('<p class="error">$text</p>', text=error) if error else NOTHING,
    )
