package web

import (
	"fmt"
	"testing"

	"dengwen/bot"
)

// A long conversation's page and its next message: what one reader costs.
func BenchmarkLongConversation(b *testing.B) {
	s := newStage(b, nil)
	r, v := s.newVisitor()
	for i := range 500 {
		s.send(v.conv, fmt.Sprint(i), bot.Say{Text: "您说的我原样记下了。这件事发生在哪里？", Rows: [][]bot.Button{{{Text: "下梁镇", Data: "p1"}, {Text: "不确定", Data: "p2"}}}})
	}
	for _, after := range []int64{0, 499} {
		b.Run(fmt.Sprintf("after=%d", after), func(b *testing.B) {
			for b.Loop() {
				if u, err := s.door.updates(r, v, after); err != nil || len(u.Items) == 0 {
					b.Fatal(err)
				}
			}
		})
	}
}
