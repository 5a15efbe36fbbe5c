package classify

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// trainedLabels are those the model in the binary was trained on.
var trainedLabels = []string{"城乡建设", "环境保护", "交通运输", "教育文体", "劳动和社会保障", "商贸旅游", "卫生计生"}

type golden struct{ Title, Text, Category string }

func readGolden(t testing.TB) []golden {
	t.Helper()
	f, err := os.Open("testdata/golden.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []golden
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var g golden
		if err := json.Unmarshal(lines.Bytes(), &g); err != nil {
			t.Fatal(err)
		}
		all = append(all, g)
	}
	return all
}

func defaultModelForTest(t testing.TB) *Model {
	t.Helper()
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The floors stand a little under what the model in the binary reaches (logged), so that a worse one is noticed.
func TestGoldenMessages(t *testing.T) {
	t.Parallel()
	m := defaultModelForTest(t)
	right, rightTwo, rightTrained, trained := 0, 0, 0, 0
	all := readGolden(t)
	for _, g := range all {
		r := m.Classify(g.Title, g.Text, nil)
		switch {
		case r.Category == g.Category:
			right++
			rightTwo++
		case r.Alternatives[0].Category == g.Category:
			rightTwo++
			fallthrough
		default:
			t.Logf("%s is %s (%.2f), not %s: %s %s", g.Category, r.Category, r.Confidence, r.Alternatives[0].Category, g.Title, g.Text)
		}
		if slices.Contains(trainedLabels, g.Category) {
			trained++
			if m.Classify(g.Title, g.Text, trainedLabels).Category == g.Category {
				rightTrained++
			}
		}
	}
	t.Logf("%d messages: %d right, %d among the first two; %d of %d right among the trained labels alone", len(all), right, rightTwo, rightTrained, trained)
	if len(all) < 60 || float64(right) < 0.88*float64(len(all)) || float64(rightTwo) < 0.95*float64(len(all)) || rightTrained < trained-2 {
		t.Error("below the floor")
	}
}
