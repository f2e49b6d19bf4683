"""Words for the voice that reads: each language has columns of words that may follow each other."""

from typing import Final

TEXTS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "en-us": (
        ("My brother", "The old farmer", "Every morning she", "A famous painter", "Perhaps he",
         "Our neighbour", "The prime minister", "That boy", "Somebody", "The woman from Maine"),
        ("bought", "found", "mentioned", "will bring", "forgot", "put away", "was watching",
         "happily shared", "moved", "borrowed"),
        ("five warm blankets", "the biggest apple", "a beautiful voice", "some fresh bread",
         "very few books", "a map of the village", "both blue boxes", "the evening paper",
         "my favourite film", "a small white bird"),
        ("before the meeting", "from a shop in Boston", "with much pleasure", "above the harbour",
         "while it was raining", "for the whole family", "but never came back",
         "at half past seven", "in the middle of June", "because of the weather"),
    ),
    "de": (
        ("Meine Mutter", "Der kleine Bub", "Ein guter Freund", "Unser Bauer", "Die Frau im Bus",
         "Jeder Fischer", "Vielleicht niemand", "Das Publikum"),
        ("bekommt", "verkauft", "findet", "bemalt", "vermisst", "wäscht", "bringt", "beobachtet"),
        ("fünf Äpfel", "das blaue Boot", "ein paar Bücher", "den warmen Mantel",
         "viel Papier", "eine schöne Blume", "das frische Brot", "den großen Baum"),
        ("am Abend", "vor dem Bahnhof", "im Februar", "mit viel Mühe", "auf dem Berg",
         "für die Familie", "ohne Pause", "bei Wind und Wetter"),
    ),
    "es": (
        ("Mi vecina", "El pintor", "Aquel muchacho", "La abuela", "Nuestro amigo", "El panadero",
         "Mucha gente", "El médico"),
        ("compra", "busca", "prepara", "olvida", "prefiere", "vende", "mueve", "promete"),
        ("un poco de pan", "la música favorita", "cinco vasos blancos", "una bebida fría",
         "el mapa del pueblo", "flores amarillas", "un bonito abrigo", "la película nueva"),
        ("por la mañana", "en febrero", "para su familia", "antes de viajar",
         "con mucho amor", "cerca del puerto", "cuando llueve", "sin problema"),
    ),
    "fr": (
        ("Ma voisine", "Le boulanger", "Un vieux peintre", "Mon ami", "La petite fille",
         "Personne ne", "Notre médecin", "Le public"),
        ("prend", "prépare", "veut bien", "vend", "oublie", "achète", "apporte", "trouve"),
        ("beaucoup de pain", "une pomme verte", "le beau bateau", "un manteau bleu",
         "mon film préféré", "cinq fleurs blanches", "la vieille voiture", "un bon repas"),
        ("avant midi", "pour sa famille", "au bord de la mer", "avec plaisir", "en février",
         "sous la pluie", "sans problème", "près du pont"),
    ),
}  # fmt: skip
LANGUAGES: Final = ("en-us", "en-us", "de", "es", "fr")  # English twice as often
