"""The verbs and nouns that tell what happened to people, by kind of claim."""

from __future__ import annotations

import re

VERBS: dict[str, str] = {
    "present": r"hosting|hosts?|hosted|holding|holds|housing|houses|shelters|sheltering|sheltered|lives?|lived|living|"
               r"sleeping|"
               r"sleeps?|slept|stay(?:s|ed|ing)?|remain(?:s|ed|ing)?|wait(?:s|ed|ing)?|camped|stranded|stuck|lodged|"
               r"permanec\w+|albergan?|albergaban?|alojan?|duerm\w+|durm\w+|pernoct\w+|esperaban?|esperan|quedan?|quedaron|viven|"
               r"vivian|varad[oa]s|hospedan?|siguen",
    "arrived": r"arriv\w*|reach(?:ed|es|ing)?|c[ao]me|coming|enter(?:ed|ing|s)?|show(?:ed|ing)? up|pull(?:ed)? in|"
               r"receiv\w+|brought|landed|disembark\w*|docked|trajo|trajeron|traidos|desembarc\w+|acogi\w+|follow(?:ed|s|ing)?|"
    r"welcom\w+|llega\w*|lleg(?:o|ue|uen)|arrib\w*|ingres\w*|entra(?:ron|do|dos|n)|entro|recib\w*|join(?:ed|s)?|"
    r"sumaron|incorporaron|newcomers|crossed into",
    "left": r"left|se (?:fueron|fue|marcharon)|checked out|checkouts|"
            r"leav(?:e|es|ing)|set (?:off|out)|depart\w*|boarded|boarding|(?<!on )board|"
            r"sal(?:ieron|io|ir|en|e|ida|idas|dran)|"
            r"parti(?:o|eron|eran|ran|r|da)|"
    r"abandon\w*|abord\w+|retir\w+|marcharon|regres\w+|return(?:ed|s|ing)?|egres\w+|deport\w+|remov(?:ed|als?)|"
    r"turned back|"
    r"expelled|expuls\w+|devolvi\w+|devuel\w+|repatri\w+|retornad[oa]s?|retornaron|dispersed|subieron",
    "taken_in": r"process(?:ed|es|ing)?|admit(?:ted|s)?|taken in|took in|let (?:in|through)|allowed (?:in|through|to "
                r"enter|into)|accept(?:ed|s|ing)?|"
    r"procesa\w+|admit\w+|atend\w*|pasar|pasan|pasaron|pasado|dejaron pasar|aceptad\w+|pass(?:ed)? through|paroled",
    "asked": r"ask(?:ed|ing|s)?|appl(?:y|ied|ying|ication|ications)|request(?:ed|s|ing)?|petition(?:ed|s|ing|ers)?|"
             r"seek(?:ing)? asylum|sought|"
    r"claim(?:ed|s|ing)?|solicit\w+|pid(?:en|ieron|io|iendo)|pedir\w*|tramit\w+|presented themselves|present "
    r"themselves|turn(?:ed)? themselves in|file[ds]?|petici\w+",
}  # fmt: skip
KINDS = {kind: re.compile(rf"\b(?:{pattern})\b") for kind, pattern in VERBS.items()}
