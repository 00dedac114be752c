package io.cardea.oauth;

import io.cardea.oauth.provider.ProviderInfo;

/**
 * A provider that is here now.
 *
 * @param info what it says of itself
 * @param pluginName the symbolic name of the bundle that publishes it
 * @param pluginVersion that bundle's version
 */
public record RegisteredProvider(ProviderInfo info, String pluginName, String pluginVersion) {}
