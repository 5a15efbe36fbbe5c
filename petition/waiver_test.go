package petition_test

import (
	"testing"

	"dengwen/petition"
)

// No promise to stop petitioning in any form; what leaves rights alone is no such promise.
func TestWaives(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"甲方承诺不再上访", "双方息诉罢访", "乙方自愿放弃信访", "今后不得以任何理由到县里上访", "不去法院起诉", "保证不向任何部门反映此事", "乙方撤回投诉",
		"甲方停访息诉", "以后不到镇政府告状", "不再就此事申请复议", "永不申诉", "甲方不上访", "不得打官司", "领款后不再找镇政府反映", "The party will not petition again",
		"Party A waives the right to sue", "They agree never to complain to any office", "放弃一切诉讼权利", "不会再向信访局反映", "不要再去上访",
	} {
		if petition.Waives(text) == "" {
			t.Errorf("passes: %s", text)
		}
	}
	for _, text := range []string{
		"乙方12月10日前修好田坎", "双方不再争吵", "甲方不再追究医药费", "本协议不影响双方依法信访、起诉的权利", "不能按期做到的，可以起诉", "乙方不再堵路",
		"双方再无其他纠纷", "不履行的，另一方可以向法院起诉", "不得再往甲方院里排水", "This does not affect the right to petition", "Party B will not block the road", "不放狗到甲方门口",
	} {
		if w := petition.Waives(text); w != "" {
			t.Errorf("refused: %s (%s)", text, w)
		}
	}
}

// Neither a step of a plan nor a reason or minutes are a promise to stop petitioning.
func TestNoHardCaseWaives(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.hard()
	w.refused(viceMayor, n, m(petition.MovePlan, "unit", "water", "date", w.today(), "text", "签息诉罢访承诺书"), petition.Invalid, "plan.waives")
	w.refused(viceMayor, n, m(petition.MoveMeeting, "date", w.today(), "place", "县政府", "attendees", "交通局", "text", "劝其不再上访"), petition.Invalid, "plan.waives")
	w.do(viceMayor, n, m(petition.MoveMeeting, "date", w.today(), "place", "县政府", "attendees", "交通局", "text", "各单位不得推诿信访事项"))
	w.refused(roadHead, n, m(petition.MoveStrikeReason, "text", "信访人保证不再信访"), petition.Invalid, "plan.waives")
}
