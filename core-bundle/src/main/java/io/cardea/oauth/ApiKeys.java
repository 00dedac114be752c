package io.cardea.oauth;

import org.osgi.annotation.versioning.ProviderType;

/** Says whether a program may read or change credentials. The keys themselves never leave their keeper. */
@ProviderType
public interface ApiKeys {

    /**
     * Whether this key opens this door. Takes the same time for a wrong key as for a right one.
     *
     * @param key what the caller showed
     * @param provider the provider whose credential is meant; empty where none is: then a key that opens the door for
     *     any provider at all does
     * @param action what the caller wants: {@code login}, {@code token}, {@code refresh}, {@code revoke}, {@code
     *     connections} or {@code events}
     */
    boolean accepts(String key, String provider, String action);
}
