package petition

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
)

func TestNumberShape(t *testing.T) {
	t.Parallel()
	for want, serial := range map[string]int{"ZS26-0417-3K": 417, "ZS26-12345-": 12345} {
		got := FormatNumber("zs", 2026, serial)
		if !strings.HasPrefix(got, want) {
			t.Errorf("FormatNumber(%d) = %s, want %s", serial, got, want)
		}
		if back, ok := ParseNumber(got); !ok || back != got {
			t.Errorf("ParseNumber(%s) = %s, %v", got, back, ok)
		}
	}
}

// Every number with four digits of two years, every slip of one character and every
// swap of neighbours in it: none passes for a number.
func TestCheckFindsEverySlip(t *testing.T) {
	t.Parallel()
	for _, year := range []int{2026, 2031} {
		for serial := range 10000 {
			head, tail := fmt.Sprintf("ZS%02d", year%100), fmt.Sprintf("%04d", serial)
			body, sum := head+tail, check(head+tail)
			for i := 2; i < len(body); i++ {
				for c := byte('0'); c <= '9'; c++ {
					if c != body[i] && check(body[:i]+string(c)+body[i+1:]) == sum {
						t.Fatalf("%s: %c for %c at %d keeps the check", body, c, body[i], i)
					}
				}
				if i+1 < len(body) && body[i] != body[i+1] &&
					check(body[:i]+string(body[i+1])+string(body[i])+body[i+2:]) == sum {
					t.Fatalf("%s: swap at %d keeps the check", body, i)
				}
			}
		}
	}
}

func TestCheckFindsSlipInPrefixAndCheck(t *testing.T) {
	t.Parallel()
	n := FormatNumber("ZS", 2026, 417)
	for i := range len(n) {
		for _, c := range letters {
			slip := n[:i] + string(c) + n[i+1:]
			if slip == n || n[i] == '-' {
				continue
			}
			if got, ok := ParseNumber(slip); ok && got != n { // L for 1 is forgiven, and right
				t.Errorf("%s passes as %s", slip, got)
			}
		}
	}
}

func TestParseNumberForgives(t *testing.T) {
	t.Parallel()
	const want = "ZS26-0417-3K"
	for _, typed := range []string{
		"ZS26-0417-3K", "zs26-0417-3k", "ZS2604173K", " zs 26 0417 3k ", "ZS26—O4I7—3K", "zs26-o4l7-3k",
		"ＺＳ２６－０４１７－３Ｋ", "ZS-26--0417--3K", "ZS26 0417-3K", "ZS26–0417–3K", "ZS26.0417.3K", "zs26/0417/3k", "ZS26·0417·3K",
		"Z S 2 6 0 4 1 7 3 K", "ZS\u200b26-04\ufeff17-3K", "ZS二六-零四一七-3K", "zs二六〇四幺七三k", "编号：ZS26-0417-3K。", "（ZS26-0417-3K）", "ZS26-0417-3K号",
	} {
		if got, ok := ParseNumber(typed); !ok || got != want {
			t.Errorf("ParseNumber(%q) = %q, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "ZS26-0417-3L", "ZS26-0417", "0417", "Z526-0417-3K", "编号", "ZS26-0417-3K-9999"} {
		if got, ok := ParseNumber(typed); ok {
			t.Errorf("ParseNumber(%q) = %q, want none", typed, got)
		}
	}
}

func TestFindNumberAndCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, number, code string }{
		{"我的编号是ZS26-0417-3K，办得怎么样了", "ZS26-0417-3K", ""},
		{"zs26-0417-3k 7q4m-29xd", "ZS26-0417-3K", "7Q4M29XD"},
		{"编号：ＺＳ２６０４１７３Ｋ　查询码：７Ｑ４Ｍ２９ＸＤ。", "ZS26-0417-3K", "7Q4M29XD"},
		{"7Q4M-29XD", "", "7Q4M29XD"},
		{"where is my petition ZS26-0417-3K please", "ZS26-0417-3K", ""},
		{"电话 0914-4321234，去年 2025-10-10 报过", "", ""},
		{"ABCD-EFGH", "", "ABCDEFGH"},
		{"ABCDEFGH", "", ""},
		{"查询码ABCDEFGH", "", "ABCDEFGH"},
		{"编号 ZS26-0417-3K\n查询码 7Q4M-29XD，只告诉这一次，请截图或抄下来", "ZS26-0417-3K", "7Q4M29XD"},
		{"编号ZS26-0417-3K查询码7q4m29xd", "ZS26-0417-3K", "7Q4M29XD"},
		{"ZS26-0417-3K,7Q4M-29XD", "ZS26-0417-3K", "7Q4M29XD"},
		{"zs26.0417.3k。7q4m.29xd", "ZS26-0417-3K", "7Q4M29XD"},
		{"编号ZS二六零四幺七三K 查询码七Q四M二九XD", "ZS26-0417-3K", "7Q4M29XD"},
		{"7 Q 4 M 2 9 X D", "", "7Q4M29XD"},
		{"7Q4M\u200b-29XD", "", "7Q4M29XD"},
		{"number ZS26-O4I7-3K, code 7Q4M-29XD", "ZS26-0417-3K", "7Q4M29XD"},
		{"https://t.me/zs_petition_bot?start=ZS26-0417-3K", "ZS26-0417-3K", ""},
		{"我打了 2025/10/10 的电话", "", ""},
	} {
		number, _ := FindNumber(c.text)
		code, _ := FindCode(c.text)
		if number != c.number || code != c.code {
			t.Errorf("%q: %q %q, want %q %q", c.text, number, code, c.number, c.code)
		}
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for i := range 5000 {
		h := sha256.Sum256(fmt.Append(nil, i))
		c := codeFrom(h[:])
		if got, ok := NormaliseCode(strings.ToLower(formatCode(c))); !ok || got != c {
			t.Fatalf("code %s does not come back: %s", c, got)
		}
		seen[c] = true
	}
	if len(seen) != 5000 {
		t.Errorf("%d different codes of 5000", len(seen))
	}
	for typed, want := range map[string]string{"7Q4M-29X1": "7Q4M29XL", "7o4m-29xi": "7Q4M29XL", "查询码：７Ｑ４Ｍ—２９ＸＤ": "7Q4M29XD", "7Q4M.29XD。": "7Q4M29XD"} {
		if got, ok := NormaliseCode(typed); !ok || got != want {
			t.Errorf("NormaliseCode(%q) = %q, %v", typed, got, ok)
		}
	}
	for _, bad := range []string{"", "7Q4M-29X", "7Q4M-29XDD", "查询码"} {
		if _, ok := NormaliseCode(bad); ok {
			t.Errorf("NormaliseCode(%q) takes it", bad)
		}
	}
}

// Whatever people send, what is found in it is a number or a code of ours.
func FuzzFind(f *testing.F) {
	for _, seed := range []string{"ZS26-0417-3K 7Q4M-29XD", "ＺＳ２６", "zs26--o4I7——3k", "7Q4M 29XD", "ZS26-00000000-22"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if n, ok := FindNumber(text); ok {
			if back, ok := ParseNumber(n); !ok || back != n {
				t.Errorf("found %q in %q, which is no number", n, text)
			}
		}
		if c, ok := FindCode(text); ok {
			if back, ok := NormaliseCode(formatCode(c)); !ok || back != c {
				t.Errorf("found %q in %q, which is no code", c, text)
			}
		}
	})
}
