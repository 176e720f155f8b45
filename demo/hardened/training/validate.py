"""Refuses data that does not look like card events; the pipeline stops when this fails."""
import pandera.pandas as pa

events = pa.DataFrameSchema({
    "card": pa.Column(str, pa.Check.str_matches(r"^c_[0-9a-f]{16}$")),
    "amount": pa.Column(float, pa.Check.in_range(0, 100_000)),
    "label": pa.Column(int, pa.Check.isin([0, 1])),
}, strict=True)


def check(frame):
    if not 0.001 < frame["label"].mean() < 0.2:
        raise ValueError("the share of fraud moved; a person has to look")
    return events.validate(frame)
