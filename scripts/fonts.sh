#!/bin/sh
# Makes the two subsets of Noto Serif SC in internal/fonts from the package they come in: all characters
# of the regular weight, those of GB 2312 of the semi-bold one, without hints, features and vertical
# metrics. Needs npm and fonttools (Debian: python3-fonttools).
set -eu

cd "$(dirname "$0")/.."
to="$PWD/internal/fonts"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent @expo-google-fonts/noto-serif-sc@0.4.3 >/dev/null
tar xzf ./*.tgz

python3 - <<'P' >gb2312
def gb2312(c):
    try:
        return len(chr(c).encode("gb2312")) == 2
    except (UnicodeEncodeError, ValueError):
        return False
skip = [(0x370, 0x500), (0x2500, 0x2600), (0x3040, 0x3130)]  # Greek, Cyrillic, boxes, kana
keep = [c for c in range(0x80, 0x10000) if gb2312(c) and not any(a <= c < b for a, b in skip)]
print(",".join("U+%04X" % c for c in list(range(32, 127)) + keep + [0x2014, 0x2026, 0xB7]))
P

subset() {
	python3 -m fontTools.subset "$1" "$2" --layout-features='' --no-hinting --name-IDs='*' \
		--drop-tables+=GSUB,GPOS,GDEF,BASE,STAT,vhea,vmtx,gasp --output-file="$3"
}
subset package/400Regular/NotoSerifSC_400Regular.ttf --unicodes='*' "$to/NotoSerifSC-Regular.ttf"
subset package/600SemiBold/NotoSerifSC_600SemiBold.ttf --unicodes-file=gb2312 "$to/NotoSerifSC-SemiBold.ttf"
cp package/LICENSE_FONT "$to/LICENSE-NotoSerifSC"
