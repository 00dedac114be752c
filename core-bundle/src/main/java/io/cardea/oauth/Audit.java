package io.cardea.oauth;

import org.osgi.annotation.versioning.ProviderType;

/** Writes down, for those who look after this installation, what nobody else tells of; see {@code data/audit.log}. */
@ProviderType
public interface Audit {

    /**
     * Somebody showed an API key and was turned away. Returns at once, and never fails.
     *
     * @param key what was shown; only a fingerprint of it is kept
     * @param provider the provider whose credential was meant; empty where there was none
     * @param action what the caller wanted, as for {@link ApiKeys#accepts}
     * @param remoteAddress where the request came from
     */
    void keyRefused(String key, String provider, String action, String remoteAddress);
}
