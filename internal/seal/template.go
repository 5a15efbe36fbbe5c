package seal

import tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"

type keyTemplate = tinkpb.KeyTemplate
