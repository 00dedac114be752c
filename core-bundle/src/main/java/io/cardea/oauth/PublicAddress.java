package io.cardea.oauth;

import org.osgi.annotation.versioning.ProviderType;

/** Where browsers reach Cardea; there is none while nothing serves HTTP. */
@ProviderType
public interface PublicAddress {

    /** {@code CARDEA_PUBLIC_URL}, or {@code http://localhost:<port>}; without a slash at the end. */
    String url();
}
