"""The demo's way out, which does not lead out."""

from __future__ import annotations

from emailhub.accounts.tenancy import company
from emailhub.delivery.outcomes import BeforeFinalDot, Fate, FinishedMail, Outcome
from emailhub.hub.addresses import Route
from emailhub.hub.models import OwnAddress
from emailhub.hub.probes import generated_address_of
from emailhub.intake.accept import accept, route_for
from emailhub.mail import normal_address

DOMAIN = ".example"  # RFC 2606 2: nobody's


class DemoSender:
    """A delivery.outcomes.Sender: the demo's customers have their mail at once; our own teams receive it."""

    def send(self, mail: FinishedMail, before_final_dot: BeforeFinalDot) -> Outcome:
        """Make one attempt. Recipients outside .example are refused: the demo writes to nobody."""
        known = tuple(address for address in mail.recipients if address.endswith(DOMAIN))
        strangers = set(mail.recipients) - set(known)
        refused = Outcome.of_all(
            sorted(strangers), Fate.REFUSED, status="5.7.1", error="the demo sends to .example alone"
        )
        if not known:
            return refused
        before_final_dot(known)
        routes = [route for address in known if (route := _route(normal_address(address), mail.company_id))]
        if routes:
            accept(channel="demo", content=mail.content, mail_from=mail.mail_from, routes=routes)
        accepted = Outcome.of_all(known, Fate.ACCEPTED, status="2.0.0")
        return Outcome((*accepted.results, *refused.results), refused.error)

    def close(self) -> None:
        """Nothing is kept open."""


def _route(address: str, company_id: int | None) -> Route | None:
    """To a team's address; to one that the set-up guide is busy with, as the company's server redirects."""
    if (route := route_for(address)) or company_id is None:
        return route
    with company(company_id):
        own = OwnAddress.objects.select_related("team").filter(address=address).first()
        generated = generated_address_of(own.team) if own else None
    return route_for(generated.address) if generated else None
