package petition

import "context"

// Cleanup removes the bytes of attachments that no petition names: left-overs of drafts
// that were never sent, older than Settings.KeepDraftDays. It answers how many files
// it removed, at most a few hundred a call. The bytes go first, so that a crash
// leaves a note without bytes and never bytes without a note.
func (s *Service) Cleanup(ctx context.Context) (int, error) {
	before := s.now().AddDate(0, 0, -s.law.Office.Settings.Filled().KeepDraftDays)
	files, err := s.store.LooseFiles(ctx, before, 500)
	if err != nil {
		return 0, failed(err, "list left-over files")
	}
	for i, f := range files {
		blobs := []string{or(f.Copy, f.ID), f.Original}
		if addressesOriginal(f.ID) { // once taken for a file: the bytes are another's original
			blobs = nil
		}
		for _, blob := range blobs {
			if blob == "" {
				continue
			}
			if err := s.blobs.Delete(ctx, blob); err != nil {
				return i, failed(err, "remove left-over file")
			}
		}
		if err := s.store.DropFile(ctx, f.ID); err != nil {
			return i, failed(err, "forget left-over file")
		}
	}
	return len(files), nil
}
