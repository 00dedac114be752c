package io.cardea.core.imports;

import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;

/**
 * What another program knows of its login.
 *
 * @param credential what it was granted
 * @param profile whose it is, as far as the program knows; nobody has vouched for it, so it is for people to read
 */
record ForeignLogin(Credential credential, Profile profile) {}
