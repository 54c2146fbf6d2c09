"""Stand-in for monitor.scoring.text until it arrives."""
from __future__ import annotations
from typing import NamedTuple, Any
import numpy as np
import numba
import unicodedata
from functools import cache

(OTHER, SPACE, LOWER, UPPER, CASELESS, SYLLABIC, DIGIT, STOP, COMMA, COLON, QUOTE, BRACKET, SEPARATOR, DASH, SLASH, AT,
    SIGN, CURRENCY, ELLIPSIS, APOSTROPHE) = range(20)
CLASSES = 20
_BY = {
    STOP: ".!?。！？｡．؟۔।॥។།።։",
    COMMA: ",;、،؛，；､",
    COLON: ":：",
    QUOTE: '"“”„«»「」『』‹›‟',
    BRACKET: "()[]{}（）【】《》〈〉［］",
    SEPARATOR: "|•·►▶▸→>‣●■★☆✓✔*^+▪◆｜",
    DASH: "-–—―‐‑",
    SLASH: "/\\_=~&#%",
    AT: "@", SIGN: "©®™℗", ELLIPSIS: "…", APOSTROPHE: "'’‘`´",
}
_SYL = ((0x0E00, 0x0EFF),(0x1000,0x109F),(0x1780,0x17FF),(0x2E80,0x2FDF),(0x3005,0x3007),(0x3040,0x30FF),(0x31F0,0x31FF),(0x3400,0x4DBF),(0x4E00,0x9FFF),(0xF900,0xFAFF),(0xFF66,0xFF9F))

@cache
def tables():
    by = {"Ll": LOWER, "Lu": UPPER, "Lt": UPPER, "Nd": DIGIT, "Sc": CURRENCY}
    cl = np.full(0x110000, OTHER, np.uint8); fo = np.full(0x110000, ord("☃"), np.uint32); fo[:0x10000]=np.arange(0x10000)
    for code in range(0x10000):
        ch=chr(code); cat=unicodedata.category(ch); f=by.get(cat)
        if f is None and cat[0] in "LM": f=CASELESS
        if f is None and (cat[0]=="Z" or ch.isspace()): f=SPACE
        cl[code]=OTHER if f is None else f
        if f==DIGIT: fo[code]=ord("0")
        elif f==UPPER: fo[code]=ord(ch.lower()[0])
        elif f==SPACE: fo[code]=32
    for a,b in _SYL:
        part=cl[a:b+1]; part[part!=DIGIT]=SYLLABIC
    for k,cs in _BY.items():
        for c in cs: cl[ord(c)]=k
    cl[0x20000:0x40000]=SYLLABIC; fo[0x20000:0x40000]=ord("一")
    return cl,fo

class Text(NamedTuple):
    kinds: Any  # (c,) class of each character
    folded: Any # (c,) folded
    starts: Any # (n,) paragraph bounds in characters
    ends: Any
    word_starts: Any # (m,)
    word_ends: Any
    first_word: Any # (n+1,)
    hashes: Any # (m,) uint64

@numba.njit(cache=True)
def _words(kinds, folded, starts, ends):
    m=0; c=len(kinds)
    ws=np.empty(c,np.int32); we=np.empty(c,np.int32); h=np.empty(c,np.uint64); fw=np.zeros(len(starts)+1,np.int32)
    for p in range(len(starts)):
        i=starts[p]; e=ends[p]
        while i<e:
            k=kinds[i]
            if k==SYLLABIC:
                j=i+1
            elif LOWER<=k<=DIGIT:
                j=i+1
                while j<e and LOWER<=kinds[j]<=DIGIT and kinds[j]!=SYLLABIC: j+=1
            else:
                i+=1; continue
            x=np.uint64(14695981039346656037)
            for q in range(i,j): x=(x^np.uint64(folded[q]))*np.uint64(1099511628211)
            x^=x>>np.uint64(32); x*=np.uint64(0x9E3779B97F4A7C15); x^=x>>np.uint64(29)
            ws[m]=i; we[m]=j; h[m]=x; m+=1
            i=j
        fw[p+1]=m
    return ws[:m].copy(),we[:m].copy(),fw,h[:m].copy()

def read(texts):
    cl,fo=tables()
    texts=[unicodedata.normalize("NFC",t.strip().replace("\n"," ")) for t in texts]
    lens=np.array([len(t) for t in texts],np.int64)
    codes=np.frombuffer("\n".join(texts).encode("utf-32-le","surrogatepass"),"<u4")
    ends=(np.cumsum(lens+1)-1).astype(np.int32); starts=(ends-lens).astype(np.int32)
    kinds=cl.take(codes); folded=fo.take(codes)
    return Text(kinds,folded,starts,ends,*_fix(_words(kinds,folded,starts,ends)))
def _fix(t): return t[0],t[1],t[2],t[3]
def word_counts(t): return np.diff(t.first_word)
