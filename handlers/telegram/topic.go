package telegram

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

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
	case "check":
		return "", d.checkGroup(ctx, chat)
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
	if err == nil || remedyOf(err) == already {
		return id, nil
	}
	return "", d.sendError(ctx, err)
}

// checkGroup looks whether the bot may write and make topics in a group (Bot API getChat,
// getChatMember). What can't be found out is no fault.
func (d *Door) checkGroup(ctx context.Context, chat int64) error {
	var group struct {
		Forum bool `json:"is_forum"`
	}
	var me struct {
		Status   string `json:"status"`
		MayWrite *bool  `json:"can_send_messages"`
		Topics   bool   `json:"can_manage_topics"`
	}
	bot, _, _ := strings.Cut(d.cfg.Token, ":")
	id, _ := strconv.ParseInt(bot, 10, 64)
	err := d.call(ctx, "getChat", tg.GetChatParams{ChatID: chat}, &group)
	if err == nil {
		err = d.call(ctx, "getChatMember", tg.GetChatMemberParams{ChatID: chat, UserID: id}, &me)
	}
	switch {
	case err != nil:
		return d.sendError(ctx, err)
	case me.Status == "restricted" && me.MayWrite != nil && !*me.MayWrite:
		return &turn.SendError{Muted: true, Err: errors.New("the bot may not write in the group")}
	case !group.Forum || me.Status != "administrator" || !me.Topics:
		return &turn.SendError{NoTopic: true, Err: errors.New("the bot may not make topics in the group")}
	}
	return nil
}
