package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// desk is the conversation: session and tickets in Redis, one GET and one SET an
// update, written before the answer is sent.
type desk struct{ r *redis.Client }

type session struct {
	Step, Category, Desc, Place, Contact string
}

type event struct{ Text, Data string }

type button struct{ Text, Data string }

type answer struct {
	Text    string
	Buttons []button
}

func openDesk(url string) (*desk, error) {
	o, err := redis.ParseURL(url)
	if err != nil {
		return nil, err
	}
	return &desk{redis.NewClient(o)}, nil
}

func (d *desk) handle(ctx context.Context, chat int64, e event) (answer, error) {
	key := "session:" + strconv.FormatInt(chat, 10)
	var s session
	b, err := d.r.Get(ctx, key).Bytes()
	if err != nil && !errors.Is(err, redis.Nil) {
		return answer{}, err
	}
	if len(b) > 0 {
		if err := json.Unmarshal(b, &s); err != nil {
			return answer{}, err
		}
	}
	a, err := d.step(ctx, chat, &s, e)
	if err != nil {
		return answer{}, err
	}
	if b, err = json.Marshal(s); err != nil {
		return answer{}, err
	}
	return a, d.r.Set(ctx, key, b, time.Hour).Err()
}

var (
	phone      = regexp.MustCompile(`\+?\d[\d ]{8,14}\d`)
	categories = []button{{"Water", "cat:water"}, {"Road", "cat:road"}, {"Electricity", "cat:power"}, {"Sanitation", "cat:waste"}, {"Other", "cat:other"}}
)

func (d *desk) step(ctx context.Context, chat int64, s *session, e event) (answer, error) {
	number, asked := strings.CutPrefix(e.Text, "/status ")
	switch {
	case asked:
		return d.status(ctx, number)
	case e.Text == "/start":
		*s = session{Step: "menu"}
		return answer{"Welcome to the complaint desk. What would you like to do?", []button{{"Lodge a complaint", "lodge"}, {"Check status", "status"}}}, nil
	case s.Step == "menu" && e.Data == "lodge":
		s.Step = "category"
		return answer{"Choose a category", categories}, nil
	case s.Step == "category" && strings.HasPrefix(e.Data, "cat:"):
		s.Category, s.Step = e.Data[4:], "desc"
		return answer{"Describe the problem in a few words", nil}, nil
	case s.Step == "desc" && len(e.Text) >= 10:
		s.Desc, s.Step = e.Text, "place"
		return answer{"Where is it? Type the address or share a location", nil}, nil
	case s.Step == "place" && e.Text != "":
		s.Place, s.Step = e.Text, "contact"
		return answer{"Your name and phone number, please", nil}, nil
	case s.Step == "contact" && phone.MatchString(e.Text):
		s.Contact, s.Step = e.Text, "photo"
		return answer{"Send a photo of the problem or press Skip", []button{{"Skip", "skip"}}}, nil
	case s.Step == "photo" && e.Data == "skip":
		s.Step = "confirm"
		return answer{fmt.Sprintf("Please confirm your complaint:\nCategory: %s\nProblem: %s\nPlace: %s\nContact: %s", s.Category, s.Desc, s.Place, s.Contact),
			[]button{{"Confirm", "confirm"}, {"Cancel", "cancel"}}}, nil
	case s.Step == "confirm" && e.Data == "confirm":
		return d.register(ctx, chat, s)
	}
	return answer{"Sorry, I did not understand. Please follow the last question, or send /start", nil}, nil
}

func (d *desk) register(ctx context.Context, chat int64, s *session) (answer, error) {
	n, err := d.r.Incr(ctx, "tickets").Result()
	if err != nil {
		return answer{}, err
	}
	number := fmt.Sprintf("T-%06d", n)
	err = d.r.HSet(ctx, "ticket:"+number, "status", "registered", "category", s.Category, "desc", s.Desc, "place", s.Place,
		"contact", s.Contact, "chat", chat, "created", time.Now().UTC().Format(time.RFC3339)).Err()
	*s = session{Step: "menu"}
	return answer{"Registered. Your ticket number is " + number, nil}, err
}

func (d *desk) status(ctx context.Context, number string) (answer, error) {
	t, err := d.r.HGetAll(ctx, "ticket:"+number).Result()
	if err != nil {
		return answer{}, err
	}
	if len(t) == 0 {
		return answer{"No ticket with number " + number, nil}, nil
	}
	return answer{fmt.Sprintf("%s: %s, %s, created %s", number, t["status"], t["category"], t["created"]), nil}, nil
}
