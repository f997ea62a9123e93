"""Who is told what: digests by mail, notices in the product."""
