"""What is written to Northfield's service desk."""

from __future__ import annotations

from emailhub.web.demo_mail.files import paper, photo

from .northfield import (
    AISHA,
    BRONWEN,
    CATRIN,
    DOUGLAS,
    FIONA,
    GEORGE,
    GRACE,
    HARGREAVES,
    HELEN,
    HENRY,
    JACK,
    LENA,
    MEGAN,
    NED,
    OLIVER,
    OSTROW,
    PARTS,
    PRIYA,
    RUTH,
    STRANGER,
    SUPPORT,
    TOM,
)
from .story import Answer, Assign, Bounce, Chat, Close, Mail, Move, Note, Story, Summary, Text

STORIES = (
    Story(
        1,
        SUPPORT,
        HARGREAVES,
        "Terra 880 throws the straw walker belt",
        (
            Mail(
                "14:20",
                """
Afternoon,

The 880 has thrown the straw walker belt twice since lunch. New belt last week, pulleys look straight to me. \
There's sixty acres of barley left and the forecast turns on Friday.

Will""",
                cc=(MEGAN,),
                photos=(photo("belt.png", "part"), photo("barley.png", "field")),
            ),
            Assign("14:26", HELEN, TOM),
            Summary(
                "14:30",
                TOM,
                "Terra 880, 2,050 h. New walker belt last week, thrown twice today. Sixty acres of "
                "barley left, rain on Friday.",
            ),
            Answer(
                "14:41",
                TOM,
                """
Hi Will,

If it ran for a week and then started jumping, look at the tensioner arm: the bush wears oval and the arm \
tips \
under load. Push it sideways with the engine off. If it moves more than the thickness of a coin, that's it.

We have the arm on the shelf and I can have a van with you by six.""",
            ),
            Mail("15:05", "Moves about half an inch. Send the van please, gate's open, dog's friendly."),
            Answer(
                "15:09",
                TOM,
                "Van's leaving now with arm, bush and a spare belt. Park her on the level if you can.",
            ),
            Note(
                "15:12",
                TOM,
                "Grace: charge the arm, not the belt. We fitted last week's and should have seen the bush.",
            ),
            Text("15:52", "Your van's in the yard already. Quick!", kind="whatsapp"),
            Chat(
                "15:55",
                TOM,
                "He knows the shortcut through Wem. Ring me if he needs anything.",
                kind="whatsapp",
            ),
            Mail(
                "-70 min",
                """Good morning, Megan here from the office.

Will is delighted, he finished the top field by ten last night. Could the invoice show the two jobs \
separately, \
please? The landlord pays for one of the combines.

Kind regards,
Megan""",
                by=MEGAN,
            ),
        ),
    ),
    Story(
        0,
        SUPPORT,
        OSTROW,
        "Autosteer pulls to the left after the update",
        (
            Mail(
                "-140 min",
                """
Hello,

since yesterday's update the tractor steers about 20 cm to the left of the line, always to the left. I \
calibrated \
twice on flat ground. We start drilling tomorrow.

Thank you,
Piotr""",
                photos=(photo("offset.png", "screen"),),
            ),
            Answer(
                "-118 min",
                PRIYA,
                """
Hello Piotr,

The update resets the antenna offset to zero. Go to Machine > Dimensions and enter the lateral offset \
again: on \
your cab bracket it is 0.21 m to the right. That is exactly your 20 cm.""",
            ),
            Mail(
                "-41 min",
                "It is straight as a ruler now. One more question: can I copy this setting to our second "
                "tractor, or do I have to type all the numbers again?",
            ),
        ),
    ),
    Story(
        0,
        SUPPORT,
        GEORGE,
        "Loader won't lift with a full bucket",
        (
            Mail(
                "-33 min",
                "Morning. Loader on the 5120 lifts empty but not with a full bucket of silage. Oil level is "
                "fine. Cows don't wait, can somebody ring me please?\nGeorge",
            ),
        ),
    ),
    Story(
        2,
        SUPPORT,
        BRONWEN,
        "Quad bike recall letter",
        (
            Mail(
                "10:50",
                "Hello, I had a letter about a recall for the brake hose. Do I need to bring the "
                "quad in or can "
                "somebody come here? We are an hour away and lambing.",
            ),
            Answer(
                "11:30",
                TOM,
                """
Hello Bronwen,

We'll come to you. It takes twenty minutes and costs you nothing. Would next Wednesday morning suit, between \
feeds?""",
                then="waiting",
            ),
            Mail("19:44", "Wednesday is fine, any time after nine. Bring wellies."),
            Answer("+1 8:12", TOM, "Booked for 9:30, wellies packed.", then="waiting"),
        ),
    ),
    Story(
        3,
        SUPPORT,
        DOUGLAS,
        "Hours do not match on the service invoice",
        (
            Mail(
                "9:15",
                """Morning,

Invoice 30441 says the forager was serviced at 1,420 hours. The clock says 1,240. I think somebody \
swapped two \
digits, but it matters for the warranty, so please have it put right on paper.

Douglas McAllister
Glen Orrin Contracting""",
            ),
            Note("9:40", TOM, "Job card says 1,240. Typing error at our end."),
            Answer(
                "9:52",
                TOM,
                """
Good morning Douglas,

You're right: the job card says 1,240. Here is the corrected invoice, and I have changed the machine's \
history as \
well, so that the next service is due at 1,490.""",
                then="closed",
                files=(
                    paper(
                        "invoice-30441-corrected.pdf",
                        "Invoice 30441 (corrected)",
                        "Forager service at 1,240 h",
                        "Replaces the invoice of the same number",
                    ),
                ),
            ),
            Mail("10:20", "Thank you. Much obliged."),
            Close("10:31", TOM),
        ),
    ),
    Story(
        4,
        SUPPORT,
        AISHA,
        "Service plan for six mowers",
        (
            Mail(
                "13:05",
                """Dear Northfield team,

We are renewing the service plan for our six ride-on mowers (parks department). Please send a quotation \
for two \
years with an annual winter service and a response time of two working days.

Kind regards,
Aisha Rahman
Severn Valley Council""",
            ),
            Answer(
                "15:30",
                HELEN,
                """
Dear Aisha,

Please find our quotation attached. The response time is written into section 3; in the season we usually \
manage \
the same day.""",
                then="waiting",
                files=(
                    paper(
                        "quotation-parks.pdf",
                        "Quotation Q-5518",
                        "Six ride-on mowers",
                        "Annual winter service, two years: £3,180",
                        "Response within two working days",
                    ),
                ),
            ),
            Mail(
                "15:31",
                """I am out of the office until Monday and will answer when I am back. For urgent matters \
please contact the parks depot.

Aisha Rahman""",
                automatic=True,
            ),
        ),
    ),
    Story(
        5,
        SUPPORT,
        NED,
        "Baler knotter misses every tenth bale",
        (
            Mail(
                "20:10",
                "Left hand knotter misses about one in ten. Twine's new, knife is sharp. Any ideas before I "
                "throw it in the pond?",
                photos=(photo("knotter.png", "part"),),
            ),
            Answer(
                "+1 7:55",
                TOM,
                """
Don't drown it yet, Ned. In your photo the bill hook tongue has a groove worn in it. Turn the pressure up \
half a \
turn and it will last the day; a new bill hook (55-0917) fixes it for good. We have two.""",
                then="waiting",
            ),
            Mail("+1 12:32", "Half a turn did it. Put a bill hook aside for me, I'll be in on Saturday."),
            Answer("+1 12:40", GRACE, "On the counter with your name on it.", then="closed"),
        ),
    ),
    Story(
        6,
        SUPPORT,
        CATRIN,
        "Telehandler: seat switch warning",
        (
            Mail(
                "8:40",
                "Bore da! The telehandler cuts out over bumps and says SEAT. I'm definitely sitting on it.",
            ),
            Answer(
                "9:05",
                TOM,
                "Bore da Catrin! The plug under the seat works loose. Push it home until it clicks and put "
                "a cable tie round it. If it still cuts out, we'll bring a new switch.",
                then="waiting",
            ),
            Mail("9:31", "Clicked, tied, working. Diolch!"),
            Close("9:40", TOM),
        ),
    ),
    Story(
        2,
        SUPPORT,
        JACK,
        "Damage on returned mini digger",
        (
            Mail(
                "11:15",
                """Hi Tom,

The digger came back from hire with the blade ram bent. Photos attached. Can you price a straightening \
and a new \
ram, so that I can show the hirer both?

Jack Penrose
Penrose Plant Hire""",
                photos=(photo("blade-ram.png", "leak"),),
            ),
            Answer(
                "14:02",
                TOM,
                """
Hi Jack,

I wouldn't straighten that one: the chrome is lifting and it will eat the seals. New ram fitted: £612 \
plus VAT, \
three working days. I have written it up as a quotation with your photo on it.""",
                then="waiting",
                files=(
                    paper(
                        "quotation-ram.pdf",
                        "Quotation Q-5524",
                        "Blade ram, supplied and fitted: £612.00",
                        "Plus VAT",
                    ),
                ),
            ),
        ),
    ),
    Story(
        1,
        SUPPORT,
        FIONA,
        "Feeder wagon scales drift",
        (
            Mail(
                "16:25",
                "The scales on the feeder wagon creep up 40 kg while it just stands there. Started after the "
                "pressure wash. Beasts are getting fat on paper only.",
            ),
            Answer(
                "16:50",
                PRIYA,
                """
Hello Fiona,

Water in a load cell plug, nearly always the rear left, because the jet reaches it. Unplug it, dry it \
with air, a \
little contact grease, plug it in again. If it still creeps in the morning, I'll bring a cell.""",
                then="waiting",
            ),
            Bounce("16:52", "550 5.1.1 no such user here"),
            Note(
                "16:58",
                PRIYA,
                "Her address bounces, though she has just written from it. Rang her: the provider is down, "
                "told her over the phone.",
            ),
        ),
    ),
    Story(
        17,
        SUPPORT,
        OLIVER,
        "Hop tractor: cab filter and service",
        (
            Mail(
                "9:20",
                "Hi, could we book the narrow tractor for a service and a new cab filter before "
                "spraying starts?",
            ),
            Answer("10:00", TOM, "Tuesday week at eight, Oliver. We'll have it back to you by four."),
            Mail("10:14", "Great, see you then."),
            Answer(
                "+5 16:10",
                TOM,
                "All done and outside the workshop. Front brake pads have about one season left.",
                then="closed",
            ),
            Mail(
                "+15 8:50",
                """Morning Tom,

the tractor is fine, but since the service the cab blower only works on 3 and 4. Could that be connected \
with the \
filter?

Oliver""",
            ),
        ),
    ),
    Story(
        8,
        SUPPORT,
        HENRY,
        "Insurance asks for a valuation",
        (
            Mail(
                "11:40",
                "Good morning, our insurers want a written valuation of the two older tractors. Is "
                "that something "
                "you do, and what does it cost?",
            ),
            Answer(
                "12:15",
                HELEN,
                "It is, Henry, and for machines that we look after it costs nothing. Send me the hours "
                "and a photo of each and you shall have it this week.",
                then="waiting",
            ),
            Mail(
                "+1 9:05",
                "6,310 and 4,877 hours. Photographs attached.",
                photos=(photo("tractors.png", "field"),),
            ),
            Answer(
                "+1 15:20",
                HELEN,
                "Here it is, on letterhead and signed.",
                then="closed",
                files=(
                    paper(
                        "valuation-askwith.pdf",
                        "Valuation",
                        "Two tractors, Askwith Estate",
                        "Signed: H. Archer",
                    ),
                ),
            ),
        ),
    ),
    Story(
        3,
        SUPPORT,
        LENA,
        "Vineyard sprayer nozzles",
        (
            Mail(
                "15:48",
                "Hello, which nozzles do you recommend for the new drift rules? We spray at 8 bar, "
                "2.2 m rows.",
            ),
            Note("16:05", TOM, "One for Parts."),
            Move("16:06", HELEN, PARTS),
            Answer(
                "16:40",
                GRACE,
                """
Hello Lena,

For those rows at 8 bar the purple air-induction ones: 90 % drift reduction on paper, and they don't \
block. I can \
send you two to try before you buy forty.""",
                then="waiting",
            ),
            Mail("+1 10:11", "Yes please, two to try!"),
        ),
    ),
    Story(
        0,
        SUPPORT,
        RUTH,
        "Cherry picker platform stuck up",
        (
            Mail(
                "-210 min",
                "Platform is stuck three metres up with nobody on it, thankfully. Emergency lowering does "
                "nothing. What now?",
            ),
            Answer(
                "-202 min",
                TOM,
                """
Stay clear from under it, Ruth. There is a red manual valve behind the cover at the foot of the mast: \
quarter of a \
turn anticlockwise, slowly, standing to the side. It comes down on its own weight.""",
            ),
            Mail("-188 min", "It's down. My heart rate isn't."),
            Answer(
                "-180 min",
                TOM,
                "Well done. Please don't use it: Priya is with you at two to find out why.",
                then="waiting",
            ),
        ),
    ),
    Story(
        2,
        SUPPORT,
        STRANGER,
        "do you fix old tractors",
        (
            Mail(
                "21:15",
                "hello i have a 1962 grey tractor from my late uncle that has not run since. do you "
                "look at old "
                "ones or only new. its in a barn near ludlow\nbarry",
            ),
        ),
    ),
)
