"""What one sees in a call or meeting, and which KPI it is evidence for: where a rubric nobody has changed begins."""

OBSERVED = {
    "questions": "manoeuvre_known",
    "next_step": "untouched_deals",
    "price": "gross_margin",
}
