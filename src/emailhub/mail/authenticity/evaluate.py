"""The verdict on a mail, from its own checks or from those of a server that we trust."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from emailhub.mail.authenticity.dmarc import Policy, is_aligned, policy_of
from emailhub.mail.authenticity.lookups import LookupFailedError, Lookups
from emailhub.mail.authenticity.results import Result, read_results
from emailhub.mail.authenticity.signatures import Chain, Signature, check_arc, check_dkim
from emailhub.mail.authenticity.spf import Envelope, check_spf
from emailhub.mail.message import Message

_BEGINS_WITH_METHOD = re.compile(r"\s*spf\s*=\s*[a-z]{1,20}\b", re.I)
_ACTION = re.compile(
    r"\bdmarc\s*=\s*[a-z]{1,20}[^;]{0,500}?\baction\s*=\s*(none|quarantine|o?reject)\b", re.I
)


class Verdict(StrEnum):
    """Whether the domain of From vouches for a mail."""

    PASS = "pass"  # noqa: S105
    NONE = "none"  # nobody can tell: nothing published, nothing asked, or no answer for the moment
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Authenticity:
    """The verdict, what the domain asks to be done with what fails, and on what it stands, in one line."""

    verdict: Verdict = Verdict.NONE
    policy: str = ""  # none, quarantine, reject; "" where none is published
    trusted_forwarder: bool = False  # a sealer that we trust saw it pass before it changed it
    summary: str = ""

    @property
    def strict_policy(self) -> bool:
        return self.policy in ("quarantine", "reject")


def evaluate(
    raw: bytes,
    message: Message,
    envelope: Envelope | None,
    lookups: Lookups,
    *,
    trusted_sealers: Collection[str] = (),
) -> Authenticity:
    """Check a mail ourselves. `envelope` is None where another server hides who delivered it: then no SPF.

    `trusted_sealers` are the domains whose ARC seals excuse a mail that failed on its way.
    """
    author = message.sender.domain if message.sender else ""
    if not author:
        return Authenticity(summary="no From that can be read")
    spf = check_spf(envelope, lookups) if envelope else ""
    signatures = check_dkim(raw, lookups)
    try:
        policy, unsure = policy_of(author, lookups), False
    except LookupFailedError:
        policy, unsure = None, True
    checks = _Checks(author, policy, envelope.domain if envelope else "", spf, tuple(signatures), unsure)
    verdict = checks.verdict()
    chain = check_arc(raw, lookups) if verdict is Verdict.FAIL and trusted_sealers else Chain()
    trusted = chain.result == "pass" and chain.sealer in trusted_sealers and _saw_a_pass(chain, author)
    return Authenticity(verdict, policy.policy if policy else "", trusted, checks.summary(verdict, chain))


@dataclass(frozen=True, slots=True)
class _Checks:
    author: str
    policy: Policy | None
    spf_domain: str
    spf: str  # "" where it was not asked
    signatures: tuple[Signature, ...]
    unsure: bool  # whether a policy is published could not be found out

    def verdict(self) -> Verdict:
        policy = self.policy or Policy("none")
        if self.spf == "pass" and is_aligned(self.spf_domain, self.author, strict=policy.strict_spf):
            return Verdict.PASS
        aligned = [
            signature.result
            for signature in self.signatures
            if is_aligned(signature.domain, self.author, strict=policy.strict_dkim)
        ]
        if "pass" in aligned:
            return Verdict.PASS
        open_still = self.unsure or self.spf in ("", "temperror") or "temperror" in aligned
        return Verdict.NONE if self.policy is None or open_still else Verdict.FAIL

    def summary(self, verdict: Verdict, chain: Chain) -> str:
        """Word it as Authentication-Results does, without an authserv-id."""
        said = [f"spf={self.spf} smtp.mailfrom={self.spf_domain}"] if self.spf else []
        said += [f"dkim={signature.result} header.d={signature.domain}" for signature in self.signatures]
        published = f" (p={self.policy.policy})" if self.policy else ""
        dmarc = "temperror" if self.unsure else verdict if self.policy else "none"
        said.append(f"dmarc={dmarc}{published} header.from={self.author}")
        if chain.result != "none":
            said.append(f"arc={chain.result} header.d={chain.sealer}")
        return "; ".join(said)[:1_000]


def _saw_a_pass(chain: Chain, author: str) -> bool:
    _, results = read_results(chain.saw.partition(";")[2])
    return _stated(results, author)[0] is Verdict.PASS


def from_trusted_server(message: Message, authserv_id: str) -> Authenticity | None:
    """Return what the server in front of us found, None where it says nothing.

    Only the topmost field in its name counts: a server removes those that others forged (RFC 8601 5). The
    caller sees to it that the mail came from that server.
    """
    author = message.sender.domain if message.sender else ""
    for value in message.all_headers("authentication-results"):
        server, results = read_results(value)
        if server == authserv_id.lower() and results:
            verdict, policy = _stated(results, author)
            said = "; ".join(f"{result.method}={result.result}" for result in results)
            return Authenticity(verdict, policy, summary=f"{server}: {said}"[:1_000])
    return None


def from_exchange(message: Message) -> Authenticity | None:
    """Return what Exchange Online found of a mail that was fetched from a mailbox of its, None: nothing.

    It writes its field on top, without the name that RFC 8601 wants, and always with its own `compauth`.
    Mail within a tenant has none, and what its sender forged lies further below.
    """
    value = next(iter(message.all_headers("authentication-results")), "")
    _, results = read_results(f"exchange; {value}")
    if not _BEGINS_WITH_METHOD.match(value) or not any(one.method == "compauth" for one in results):
        return None
    verdict, _ = _stated(results, message.sender.domain if message.sender else "")
    action = _ACTION.search(value)
    policy = {"oreject": "reject"}.get(action[1].lower(), action[1].lower()) if action else ""
    said = "; ".join(f"{result.method}={result.result}" for result in results)
    return Authenticity(verdict, policy, summary=f"exchange: {said}"[:1_000])


def _stated(results: list[Result], author: str) -> tuple[Verdict, str]:
    """Return the verdict that results amount to: that of DMARC, else of what is aligned."""
    dmarc = next((result for result in results if result.method == "dmarc"), None)
    if dmarc and dmarc.domain("header.from") in ("", author):
        if dmarc.result == "pass":
            return Verdict.PASS, dmarc.policy
        if dmarc.result == "fail":
            return Verdict.FAIL, dmarc.policy
    passed = (result for result in results if result.result == "pass")
    domains = (result.domain("header.d", "header.i", "smtp.mailfrom") for result in passed)
    aligned = any(is_aligned(domain, author, strict=False) for domain in domains)
    return (Verdict.PASS if aligned else Verdict.NONE), ""
