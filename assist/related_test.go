package assist_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/internal/scrub"

	"dengwen/assist"
	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/petition"
)

func filed(t *testing.T, s *petition.Service, n int, class petition.Class, facts string) petition.View {
	t.Helper()
	owner := fmt.Sprintf("tg:%d", n)
	k, err := s.File(t.Context(), petition.Actor{Owner: owner, Asker: owner}, petition.Filing{
		Key: owner + "/d", Owner: owner, Channel: "telegram", Class: class, Subject: "transport.roads", Facts: facts, Title: facts[:min(len(facts), 30)],
	})
	if err != nil {
		t.Fatal(err)
	}
	k.View.Number, k.View.Facts = k.Number, facts
	return k.View
}

func TestRelatedGrowsWithTheCases(t *testing.T) {
	t.Parallel()
	o := office.Example()
	var n atomic.Int64
	store := memory.NewMemory()
	s := petition.NewService(store, o, petition.DefaultCalendar(), func(p, v string) []byte { return []byte(p + v) }, time.Now,
		func() string { return fmt.Sprintf("id-%06d", n.Add(1)) }, new(memory.Blobs)).WithScrub(scrub.New(scrub.DefaultLimits()))
	finder := assist.NewRelatedFinder(store, store.Changed)
	first := filed(t, s, 1, petition.Claim, "下梁镇老庵村三组的路塌了，下雨过不去车，拖拉机翻在沟里")
	filed(t, s, 2, petition.Report, "下梁镇老庵村三组的路塌了，修路的钱被村支书装进了自己口袋")
	filed(t, s, 3, petition.Claim, "小岭镇金米村的工地欠我三个月工资")
	if got, err := finder.Related(t.Context(), first); err != nil || len(got) != 0 {
		t.Fatalf("%+v, %v: a report on misconduct or another matter was proposed", got, err)
	}
	second := filed(t, s, 4, petition.Claim, "老庵村三组的路去年才修，今年一下雨就塌，拖拉机过不去")
	got, err := finder.Related(t.Context(), first)
	if err != nil || len(got) != 1 || got[0].Number != second.Number || got[0].Common.Place != "老庵村" {
		t.Errorf("%+v, %v, want %s", got, err, second.Number)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	var e *petition.Error
	if _, err := assist.NewRelatedFinder(store, store.Changed).Related(over, first); err != nil && (!errors.As(err, &e) || e.Code != petition.Unavailable) {
		t.Errorf("out of time: %v", err)
	}
}
