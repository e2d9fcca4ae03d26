"""The files of a payout: what goes out to banks and payment services, and what comes back from them. Pure, and without a clock: the same
batch is the same bytes."""
