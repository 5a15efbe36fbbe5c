// Limit is the least a bot can do: one Redis GET, one SET and one sendMessage for
// each update, inside the webhook request, on net/http. What a real bot reaches is
// a share of it.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

const session = `{"step":"desc","category":"water","desc":"The water pipe near the house on the main road"}`

type bot struct {
	api    string
	redis  *redis.Client
	client *http.Client
}

func main() {
	o, err := redis.ParseURL(os.Getenv("REDIS_URL"))
	if err != nil {
		log.Fatal(err)
	}
	tr := http.DefaultTransport.(*http.Transport).Clone()
	tr.MaxIdleConns, tr.MaxIdleConnsPerHost = 1024, 1024
	b := &bot{
		api:    os.Getenv("API_URL") + "/bot" + os.Getenv("BOT_TOKEN") + "/sendMessage",
		redis:  redis.NewClient(o),
		client: &http.Client{Transport: tr, Timeout: time.Minute},
	}
	log.Fatal(http.ListenAndServe(os.Getenv("LISTEN"), b))
}

func (b *bot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var u struct {
		Message struct {
			Chat struct {
				ID int64 `json:"id"`
			} `json:"chat"`
		} `json:"message"`
	}
	if err := json.NewDecoder(r.Body).Decode(&u); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if err := b.answer(r.Context(), u.Message.Chat.ID); err != nil {
		log.Println(err)
	}
}

func (b *bot) answer(ctx context.Context, chat int64) error {
	key := "limit:" + strconv.FormatInt(chat, 10)
	if err := b.redis.Get(ctx, key).Err(); err != nil && err != redis.Nil {
		return err
	}
	if err := b.redis.Set(ctx, key, session, time.Hour).Err(); err != nil {
		return err
	}
	body := append(strconv.AppendInt([]byte(`{"chat_id":`), chat, 10), `,"text":"ok"}`...)
	resp, err := b.client.Post(b.api, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}
