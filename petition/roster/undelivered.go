package roster

import (
	"context"

	"dengwen/petition"
)

// undeliveredText is written into the case by the petition office, in its language.
const undeliveredText = "群众那边收不到聊天消息了（可能停用了机器人），这条没有送到。请打电话或者书面告知。"

// Undelivered notes in a case that its citizen's chat is closed to us, once a day, so
// that whoever has it finds another way: a step that was only told in a closed chat
// was not told. A report on misconduct is not looked at here.
func (d *Service) Undelivered(ctx context.Context, number string) error {
	me := petition.Actor{Staff: petition.System().Staff, Unit: d.office.Unit, Roles: []petition.Role{petition.Intake}}
	m := petition.Move{Key: "undelivered:" + number + ":" + petition.Day(d.now()), Name: petition.MoveNote, Text: undeliveredText}
	_, err := d.cases.Do(ctx, me, number, m)
	return petition.Wrap(petition.IgnoreNotFound(err), "note that a citizen can't be reached")
}
