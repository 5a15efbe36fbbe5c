package officetest

import (
	"time"
	"strings"
	"testing"

	"dengwen/petition"
	"dengwen/storage/cases"
)

func TestAMessagesWay(t *testing.T) {
	t.Parallel()
	seen := &trace{}
	box := newBox(t).Observed(seen.saw)
	seen.know(box, "tg:1", "tg:11", "tg:-100")
	store, err := cases.Open(t.Context(), "", t.TempDir(), box)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	s := &Script{t: t, said: map[string]string{}}
	s.w = newWorld(t, func(o *petition.Office) { o.Example = true }, parts{box: box, cases: store, people: tracedRoster{store, seen}, watch: seen})
	s.side(strings.Fields("me tg:1"))
	s.side(strings.Fields("wang tg:11 王芳 petition intake,supervisor"))
	s.side(strings.Fields("road tg:-100 petition topics"))
	for _, l := range []struct{ line, conv string }{
		{"me> 下梁镇三组的路去年才修，今年一下雨就塌，拖拉机过不去", "tg:1"},
		{"me> 你好", "tg:1"},
		{"me> [改一处]", "tg:1"},
		{"me> [都不改]", "tg:1"},
		{"me> [提交]", "tg:1"},
		{"wang> [我来办]", "tg:11"},
		{"wang> [受理告知]", "tg:11"},{"me> /my", "tg:1"},
	} {
		seen.take("")
		s.line(l.line)
		time.Sleep(1500*time.Millisecond)
		s.show()
		seen.mu.Lock()
		t.Log(l.line + "\n\t" + strings.Join(seen.lines, "\n\t"))
		seen.mu.Unlock()
	}
	t.Log(strings.Join(s.lines, "\n"))
}
