package telegram

import (
	"context"
	"fmt"
	"strconv"

	tg "github.com/go-telegram/bot"

	"dengwen/bot/turn"
)

// Topic creates, renames, closes or reopens a forum topic (Bot API createForumTopic
// and the like); see turn.Forum. What is so already is done.
func (d *Door) Topic(ctx context.Context, group, op, id, name string) (string, error) {
	chat, _, err := chatOf(group)
	if err != nil {
		return "", &turn.SendError{Gone: true, Err: err}
	}
	thread, _ := strconv.Atoi(id)
	switch op {
	case "create":
		var made struct {
			Thread int `json:"message_thread_id"`
		}
		err = d.call(ctx, "createForumTopic", tg.CreateForumTopicParams{ChatID: chat, Name: name}, &made)
		if err == nil {
			return strconv.Itoa(made.Thread), nil
		}
	case "rename":
		err = d.call(ctx, "editForumTopic", tg.EditForumTopicParams{ChatID: chat, MessageThreadID: thread, Name: name}, nil)
	case "close":
		err = d.call(ctx, "closeForumTopic", tg.CloseForumTopicParams{ChatID: chat, MessageThreadID: thread}, nil)
	case "reopen":
		err = d.call(ctx, "reopenForumTopic", tg.ReopenForumTopicParams{ChatID: chat, MessageThreadID: thread}, nil)
	default:
		err = fmt.Errorf("no such change of a topic: %q", op)
	}
	if err == nil || refusedWith(err, "topic_not_modified") {
		return id, nil
	}
	return "", d.sendError(err)
}
