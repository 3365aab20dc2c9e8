"""checkdmarc and dnspython against the name server that benches/validation.rs has started, for a
sample of its domains. Called by it with `--peers`; needs `pip install checkdmarc` (which brings
dnspython). The rate for 1 000 domains is extrapolated from the sample."""

import sys
import time

import checkdmarc
import dns.resolver

SERVER = sys.argv[1]
SAMPLE = [f"d{n}.hartwell.example" for n in range(20)]
KINDS = ["MX", "TXT", "A", "AAAA", "CAA", "SOA", "NS"]


def checked():
    for domain in SAMPLE:
        checkdmarc.check_domains([domain], nameservers=[SERVER], skip_tls=True, timeout=2.0)


def asked():
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [SERVER]
    questions = 0
    for domain in SAMPLE:
        for kind in KINDS:
            questions += 1
            try:
                resolver.resolve(domain, kind, raise_on_no_answer=False)
            except dns.resolver.NXDOMAIN:
                pass
    return questions


begun = time.monotonic()
checked()
took = time.monotonic() - begun
print(f"checkdmarc {checkdmarc.__version__}: {len(SAMPLE)} domains in {took:.1f} s; "
      f"1000 domains, two views (extrapolated): {took / len(SAMPLE) * 2000:.0f} s")

begun = time.monotonic()
questions = asked()
took = time.monotonic() - begun
print(f"dnspython, one after the other: {questions} questions in {took:.1f} s, {questions / took:.0f}/s")
