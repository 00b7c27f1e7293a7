"""Northfield Machinery, the group's dealership in Shropshire: its advisors and its customers."""

from __future__ import annotations

from emailhub.web.demo_mail.letters import Program

from .story import Colleague, Customer

SUPPORT, PARTS = TEAMS = ("Support", "Parts")

HELEN = Colleague(
    "Helen Archer",
    "helen@northfield.example",
    TEAMS,
    "Aftersales Manager",
    "01743 555 010",
    (SUPPORT,),
    "admin",
)
TOM = Colleague(
    "Tom Whitlock", "tom@northfield.example", (SUPPORT,), "Service Desk", "01743 555 011", (SUPPORT,)
)
PRIYA = Colleague("Priya Nair", "priya@northfield.example", (SUPPORT,), "Precision Farming", "01743 555 012")
CALLUM = Colleague(
    "Callum Reid", "callum@northfield.example", (PARTS,), "Parts Manager", "01743 555 020", (PARTS,)
)
GRACE = Colleague(
    "Grace Oduya", "grace@northfield.example", (PARTS, SUPPORT), "Parts Counter", "01743 555 021"
)
COLLEAGUES = (HELEN, TOM, PRIYA, CALLUM, GRACE)

HARGREAVES = Customer(
    "Will Hargreaves", "will@hargreavesfarms.example", "Hargreaves Farms", "+44 7700 900114", Program.IPHONE
)
MEGAN = Customer(
    "Megan Hargreaves",
    "office@hargreavesfarms.example",
    "Hargreaves Farms",
    "+44 1743 555118",
    Program.OUTLOOK,
)
OSTROW = Customer(
    "Piotr Ostrowski", "piotr@wremeadows.example", "Wre Meadows Estate", "+44 7700 900233", Program.GMAIL
)
BRONWEN = Customer(
    "Bronwen Price", "bronwen@tyncoed.example", "Tyn-y-coed Farm", "+44 7700 900318", Program.SAMSUNG
)
DOUGLAS = Customer(
    "Douglas McAllister",
    "douglas@glenorrin.example",
    "Glen Orrin Contracting",
    "+44 7700 900402",
    Program.THUNDERBIRD,
)
SALLY = Customer(
    "Sally Thorne", "sally.thorne@thornehaulage.example", "Thorne Haulage", "+44 1952 555077", Program.OUTLOOK
)
GEORGE = Customer(
    "George Whitcombe", "george@whitcombedairy.example", "Whitcombe Dairy", "+44 7700 900455", Program.IPHONE
)
AISHA = Customer(
    "Aisha Rahman",
    "aisha.rahman@severncouncil.example",
    "Severn Valley Council",
    "+44 1743 555900",
    Program.OUTLOOK,
)
NED = Customer("Ned Fowler", "ned@fowlerandsons.example", "Fowler & Sons", "+44 7700 900517", Program.SAMSUNG)
CATRIN = Customer(
    "Catrin Bevan", "catrin@bevanhay.example", "Bevan Hay & Straw", "+44 7700 900561", Program.GMAIL
)
OLIVER = Customer(
    "Oliver Stanton", "oliver@stantonhops.example", "Stanton Hops", "+44 7700 900602", Program.GMAIL
)
RUTH = Customer(
    "Ruth Ellwood", "ruth@ellwoodorchards.example", "Ellwood Orchards", "+44 7700 900648", Program.IPHONE
)
JACK = Customer(
    "Jack Penrose",
    "jack.penrose@penroseplant.example",
    "Penrose Plant Hire",
    "+44 1743 555231",
    Program.OUTLOOK,
)
FIONA = Customer(
    "Fiona Kerr", "fiona@kerrlivestock.example", "Kerr Livestock", "+44 7700 900711", Program.SAMSUNG
)
HENRY = Customer(
    "Henry Askwith", "henry@askwithestate.example", "Askwith Estate", "+44 7700 900745", Program.THUNDERBIRD
)
LENA = Customer(
    "Lena Novak", "lena@marchesvineyard.example", "Marches Vineyard", "+44 7700 900780", Program.GMAIL
)
STRANGER = Customer("Barry Clegg", "barry.clegg@postbox.example", program=Program.SAMSUNG, known=False)
ZOE = Customer("Zoe Mercer", "zoe@mercersmallholding.example", program=Program.GMAIL, known=False)
