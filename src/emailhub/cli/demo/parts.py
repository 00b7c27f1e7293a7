"""What is written to Northfield's parts counter."""

from __future__ import annotations

from emailhub.web.demo_mail.files import paper, photo

from .northfield import (
    AISHA,
    BRONWEN,
    CALLUM,
    CATRIN,
    DOUGLAS,
    FIONA,
    GEORGE,
    GRACE,
    HARGREAVES,
    JACK,
    MEGAN,
    NED,
    OSTROW,
    PARTS,
    RUTH,
    SALLY,
    ZOE,
)
from .story import Answer, Assign, Close, Mail, Note, Story

STORIES = (
    Story(
        1,
        PARTS,
        SALLY,
        "Delivery 77120: two pallets, one note",
        (
            Mail(
                "9:10",
                """Good morning,

Our driver has two pallets for you and a delivery note for one. Can you tell me what the second should be \
before \
we unload it?

Sally Thorne
Thorne Haulage""",
                photos=(photo("pallets.png", "part"),),
            ),
            Answer(
                "9:24",
                CALLUM,
                """
Morning Sally,

The second one is our sixteen batteries; the supplier has mailed the note to us instead of to you. Here \
it is. \
Please unload both at door 4.""",
                files=(paper("note-77121.pdf", "Delivery note 77121", "16 x battery 110 Ah"),),
            ),
            Mail("9:50", "Unloaded and signed for. Thank you for the quick answer."),
            Close("10:00", CALLUM),
        ),
    ),
    Story(
        0,
        PARTS,
        JACK,
        "PO 8817: filters and teeth",
        (
            Mail(
                "-82 min",
                """Hi,

Please find attached PO 8817. The teeth are urgent (two machines standing), the filters can follow.

Regards,
Jack Penrose""",
                files=(
                    paper(
                        "PO-8817.pdf",
                        "Purchase order 8817",
                        "30 x bucket tooth 71-2004",
                        "12 x oil filter 10-2231",
                        "12 x fuel filter 10-2240",
                    ),
                ),
            ),
            Assign("-75 min", CALLUM, GRACE),
        ),
    ),
    Story(
        0,
        PARTS,
        BRONWEN,
        "Pin for the top link",
        (
            Mail(
                "-18 min",
                "Hello, I need a pin for the top link, category 2, the short one. Do you post? Same "
                "address as "
                "the recall.\nBronwen",
            ),
        ),
    ),
    Story(
        2,
        PARTS,
        GEORGE,
        "Wrong hose in the parcel",
        (
            Mail(
                "18:02",
                "The hose you sent is 60 cm, I need 90. Label on the bag says 90 so it's not your "
                "fault either.",
                photos=(photo("hose.png", "leak"),),
            ),
            Answer(
                "+1 8:05",
                GRACE,
                """
Well spotted, George. I have measured one off the shelf: 90 cm, it goes out with this morning's van. Keep \
the short \
one as a spare, and I'll have a word with the supplier.""",
            ),
            Mail("-320 min", "Arrived and fitted, no drips. You can close this."),
        ),
    ),
    Story(
        3,
        PARTS,
        OSTROW,
        "Price list for seed drill discs",
        (
            Mail(
                "12:44",
                "Hello, what do 32 discs for the drill cost, and is there a price for 64? We would "
                "share with our "
                "neighbour.",
            ),
            Answer(
                "13:20",
                CALLUM,
                """
Hello Piotr,

32 are £18.40 each, 64 are £16.90 each, delivered. If your neighbour wants his own invoice, I can split \
it and you \
both keep the better price.""",
                then="waiting",
            ),
            Mail(
                "+1 9:02",
                "Very good. 64, split in two, please. His name is on the attached note.",
                files=(paper("neighbour.pdf", "Invoice address", "R. Tomkins, Lower Barn"),),
            ),
        ),
    ),
    Story(
        4,
        PARTS,
        HARGREAVES,
        "Spare belts for harvest",
        (
            Mail(
                "7:30",
                "What belts should I have in the barn for the 880 before harvest? Last year I lost "
                "two days over one.",
            ),
            Answer(
                "8:20",
                CALLUM,
                """
Morning Will,

Rotor, clean grain elevator and straw chopper. £335 for the three, and we take back what you haven't \
opened. I have \
copied Megan in for the order number.""",
                then="waiting",
                cc=(MEGAN,),
            ),
            Mail("9:45", "Order number HF-2207. Please deliver, no collection.", by=MEGAN),
            Answer("9:51", CALLUM, "Thank you Megan. On Thursday's van.", then="closed"),
        ),
    ),
    Story(
        5,
        PARTS,
        CATRIN,
        "Net wrap: which width?",
        (
            Mail("10:05", "Is the 130 cm net right for the round baler or do I want 123?"),
            Answer(
                "10:22",
                GRACE,
                "123 for yours. The 130 is for the over-the-edge kit, which you don't have.",
                then="closed",
            ),
            Mail("10:30", "Glad I asked! Six rolls please."),
            Answer("10:36", GRACE, "Six rolls ready for you.", then="closed"),
        ),
    ),
    Story(
        6,
        PARTS,
        NED,
        "Core return on the starter motor",
        (
            Mail(
                "13:15", "When do I get the deposit back on the old starter? Brought it in a fortnight ago."
            ),
            Note("13:40", GRACE, "It stood on Callum's desk without a label. Found it."),
            Answer(
                "13:52",
                GRACE,
                "Today, Ned: £45 back on your account. Sorry for the wait, it had lost its label.",
                then="closed",
            ),
        ),
    ),
    Story(
        8,
        PARTS,
        DOUGLAS,
        "Knife section part number",
        (
            Mail(
                "8:12",
                """Morning. Which section fits the 3 m mower bar, the older one with six bolts a side? \
The book \
gives two numbers.

Douglas""",
            ),
            Answer(
                "8:40",
                CALLUM,
                "38-4410 up to serial 2000, 38-4415 after that. Yours is 1874, so 38-4410. Box of 25 is £61.",
                then="waiting",
            ),
        ),
    ),
    Story(
        10,
        PARTS,
        FIONA,
        "Ear tags? No, really",
        (
            Mail("17:20", "I know you sell tractors, but the shop's shut: do you have any ear tags at all?"),
            Answer(
                "17:31",
                GRACE,
                "You won't believe it: two packs, left over from the show. They're yours.",
                then="closed",
            ),
            Mail("17:35", "You are a star."),
            Close("17:36", GRACE),
        ),
    ),
    Story(
        7,
        PARTS,
        AISHA,
        "Vendor form",
        (
            Mail(
                "10:00",
                """Dear Sir or Madam,

To pay your invoices we need the attached vendor form filled in and returned.

Kind regards,
Aisha Rahman
Severn Valley Council""",
                files=(paper("vendor-form.pdf", "Vendor form", "Name:", "Registration number:", "Bank:"),),
            ),
            Answer(
                "11:15",
                CALLUM,
                "Dear Aisha, filled in, signed and attached.",
                then="closed",
                files=(
                    paper(
                        "vendor-form-signed.pdf",
                        "Vendor form",
                        "Name: Northfield Machinery",
                        "Signed: C. Reid",
                    ),
                ),
            ),
        ),
    ),
    Story(
        2,
        PARTS,
        RUTH,
        "Ladder hooks for the platform",
        (
            Mail("9:33", "Do the ladder hooks for the picking platform come singly? I only need one."),
            Answer(
                "9:50",
                GRACE,
                "In pairs only, I'm afraid, £14. The second one will come in handy when the first falls "
                "into the long grass.",
                then="waiting",
            ),
        ),
    ),
    Story(
        1,
        PARTS,
        ZOE,
        "Small order: are you open on Saturdays?",
        (
            Mail(
                "18:25",
                """Hi,

I've just taken over a smallholding with an old Alba 3045. Do you keep parts for it, and are you open on \
Saturdays?

Zoe Mercer""",
            ),
            Answer(
                "-330 min",
                GRACE,
                """
Hi Zoe,

Welcome! We do, and we are: 8 till 12. Bring the serial number (on the right of the gearbox, under the \
mud) and we \
will find everything.""",
                then="waiting",
            ),
        ),
    ),
)
