package io.cardea.http;

import io.cardea.oauth.Audit;
import java.util.ArrayList;
import java.util.List;

/** Remembers the keys that were refused. */
final class RecordedAudit implements Audit {

    final List<String> refused = new ArrayList<>();

    @Override
    public void keyRefused(String key, String provider, String action, String remoteAddress) {
        refused.add(key + " " + provider + " " + action + " " + remoteAddress);
    }
}
