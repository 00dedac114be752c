package io.cardea.itests.unable;

import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** A provider that is published and cannot be activated. */
@Component(service = OAuthProvider.class)
public final class UnableProvider extends StandardProvider {

    @Activate
    public UnableProvider() {
        super(broken());
    }

    private static ProviderDefinition broken() {
        throw new IllegalStateException("broken on purpose");
    }
}
