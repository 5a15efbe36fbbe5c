package receipt

import (
	"cmp"
	"fmt"
	"io"
	"math/bits"
	"slices"
	"testing"

	"dengwen/bot"
)

// The codes are at most 3 % longer than the best there are for receipts as an office
// gives them; where they are not, the test says which would be.
func TestCodesSuitReceipts(t *testing.T) {
	t.Parallel()
	var often [len(codeLengths)]int
	for i := range 40 {
		count(t, &often, receiptOf(i))
	}
	best, ours, theirs := huffmanCode(often[:]), 0, 0
	for i, n := range often {
		ours, theirs = ours+n*int(codeLengths[i]-'a'+1), theirs+n*int(best[i]-'a'+1)
	}
	if ours*100 > theirs*103 {
		t.Errorf("%d bits, %d with\n%s", ours, theirs, best)
	}
}

func receiptOf(i int) bot.Receipt {
	const signs = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	sign := func(n int) byte { return signs[(i*7+n*n*5+n*11+i*i*3)%len(signs)] }
	r := sample()
	r.Number = fmt.Sprintf("ZS26-%04d-%c%c", i*7919%10000, sign(1), sign(2))
	r.Code = fmt.Sprintf("%c%c%c%c-%c%c%c%c", sign(3), sign(4), sign(5), sign(6), sign(7), sign(8), sign(9), sign(10))
	r.Link = "https://xf.example.cn/c/" + r.Number
	if i%5 == 0 {
		r.Office, r.Title = "Petition Office of Zhashui", "Receipt"
		r.Lines = []string{"Registered on 23 November 2026: the village road washes out", "By 8 December the office passes it to the unit that can act, and tells you which"}
	}
	if i%3 == 0 {
		r.Lines = append(r.Lines, "事情办到哪一步，这里会告诉您；也可以凭编号和查询码到网页上看")
	}
	return r
}

// count reads a page as it was squeezed, symbol by symbol.
func count(t *testing.T, often *[len(codeLengths)]int, r bot.Receipt) {
	t.Helper()
	s, symbols := newSqueezer(), map[huffman]int{}
	for i, c := range s.code {
		symbols[c] = i
	}
	p := New()
	if _, err := picture(p, r); err != nil { // reads the font
		t.Fatal(err)
	}
	square, err := p.plans.code(r.Link)
	if err != nil {
		t.Fatal(err)
	}
	l, page := p.layout(r, square), newPress()
	if err := page.print(io.Discard, &l, p.face, newShelf[fragment]()); err != nil {
		t.Fatal(err)
	}
	stream := page.page.out[2:]
	at := s.head.n
	next := func() uint32 { at++; return uint32(stream[(at-1)/8]>>((at-1)%8)) & 1 }
	for symbol := 0; symbol != endSym; {
		c, known := huffman{}, false
		for symbol, known = symbols[c]; !known; symbol, known = symbols[c] {
			c = huffman{c.bits | next()<<c.n, c.n + 1}
		}
		often[symbol]++
		if symbol > endSym { // what follows a length: more bits of it, and the one distance
			if symbol > 264 && symbol < 285 {
				at += (symbol - 261) / 4
			}
			at++
		}
	}
}

// huffmanCode is the lengths of the best code for symbols that come so often, each taken
// for a little more often than it came: every one must have a code.
func huffmanCode(often []int) string {
	type tree struct {
		n       int
		symbols []int
	}
	var all []tree
	total := 0
	for i, n := range often {
		all, total = append(all, tree{n, []int{i}}), total+n
	}
	for i := range all {
		all[i].n += total/8000 + 1
	}
	lengths := slices.Repeat([]byte{'a' - 1}, len(often))
	for len(all) > 1 {
		slices.SortStableFunc(all, func(a, b tree) int { return cmp.Compare(b.n, a.n) })
		last := len(all) - 1
		both := tree{all[last].n + all[last-1].n, append(all[last].symbols, all[last-1].symbols...)}
		for _, i := range both.symbols {
			lengths[i]++
		}
		all = append(all[:last-1], both)
	}
	return string(lengths)
}

// A code is whole: it neither leaves bits unused nor gives them twice.
func TestCodesAreWhole(t *testing.T) {
	t.Parallel()
	for name, lengths := range map[string]string{"symbols": codeLengths, "lengths": lengthLengths} {
		sum := uint32(0)
		for _, c := range canonical(lengths) {
			sum += 1 << (16 - c.n)
			if bits.Len32(c.bits) > int(c.n) {
				t.Errorf("%s: %v", name, c)
			}
		}
		if sum != 1<<16 {
			t.Errorf("%s: the codes fill %d of %d", name, sum, 1<<16)
		}
	}
}
