"""A notice as long as one may be: 120 letters."""

LONGEST_NOTICE = {
    "ar": "يرجى إحضار البطاقة الشخصية الأصلية مع صورة عنها لكل معاملة، "
    "وتُقبل طلبات السجل العدلي لدى الكوتين 3 و4 فقط طوال الأسبوع.",
    "en": "Please bring your original identity card and one copy for each request; "
    "judicial records only at counters 3 and 4 today.",
}
assert {len(text) for text in LONGEST_NOTICE.values()} == {120}
