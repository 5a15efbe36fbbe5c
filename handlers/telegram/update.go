package telegram

import "encoding/json"

// The parts of an update that are read, no more: what Telegram adds to its types
// later must not make an update undecodable. Fields follow the Bot API's Update.
type update struct {
	ID       int64      `json:"update_id"`
	Message  *message   `json:"message"`
	Edited   *message   `json:"edited_message"`
	Callback *callback  `json:"callback_query"`
	Member   *member    `json:"my_chat_member"`
	Post     *postProbe `json:"channel_post"`
	PostEdit *postProbe `json:"edited_channel_post"`
}

type postProbe struct{}

type user struct {
	ID    int64  `json:"id"`
	Bot   bool   `json:"is_bot"`
	First string `json:"first_name"`
	Last  string `json:"last_name"`
	Lang  string `json:"language_code"`
}

type chat struct {
	ID    int64  `json:"id"`
	Type  string `json:"type"`
	Forum bool   `json:"is_forum"`
}

type message struct {
	ID       int64           `json:"message_id"`
	From     *user           `json:"from"`
	Chat     chat            `json:"chat"`
	Text     string          `json:"text"`
	Caption  string          `json:"caption"`
	Entities []entity        `json:"entities"`
	Captions []entity        `json:"caption_entities"`
	Album    string          `json:"media_group_id"`
	Origin   json.RawMessage `json:"forward_origin"`
	OldFrom  json.RawMessage `json:"forward_from"` // servers older than Bot API 7.0
	OldDate  int64           `json:"forward_date"`
	ReplyTo  *struct {
		ID int64 `json:"message_id"`
	} `json:"reply_to_message"`
	Thread  int64 `json:"message_thread_id"`
	Topic   bool  `json:"is_topic_message"`
	MovedTo int64 `json:"migrate_to_chat_id"`

	Photo     []file    `json:"photo"`
	Document  *file     `json:"document"`
	Voice     *file     `json:"voice"`
	Audio     *file     `json:"audio"`
	Video     *file     `json:"video"`
	Round     *file     `json:"video_note"`
	Animation *file     `json:"animation"`
	Location  *location `json:"location"`
	Venue     *venue    `json:"venue"`
	Contact   *contact  `json:"contact"`
	Sticker   *struct{} `json:"sticker"`
	Dice      *struct{} `json:"dice"`
	Poll      *struct{} `json:"poll"`
	Game      *struct{} `json:"game"`
	Story     *struct{} `json:"story"`
}

type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"` // UTF-16 code units
	Length int    `json:"length"` // UTF-16 code units
}

type file struct {
	ID     string `json:"file_id"`
	Name   string `json:"file_name"`
	Type   string `json:"mime_type"`
	Size   int64  `json:"file_size"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

type location struct {
	Lat float64 `json:"latitude"`
	Lon float64 `json:"longitude"`
}

type venue struct {
	Location location `json:"location"`
	Title    string   `json:"title"`
	Address  string   `json:"address"`
}

type contact struct {
	Phone string `json:"phone_number"`
	First string `json:"first_name"`
	Last  string `json:"last_name"`
	User  int64  `json:"user_id"`
}

// callback is a CallbackQuery. Message may be an InaccessibleMessage, which has
// chat and message_id only, or be absent.
type callback struct {
	ID      string   `json:"id"`
	From    user     `json:"from"`
	Message *message `json:"message"`
	Data    string   `json:"data"`
}

// member is a ChatMemberUpdated about the bot itself.
type member struct {
	Chat chat `json:"chat"`
	New  struct {
		Status string `json:"status"`
	} `json:"new_chat_member"`
}
