package io.cardea.provider.playground;

import io.cardea.oauth.provider.OAuthProvider;
import java.time.InstantSource;

/** Makes playgrounds for the tests of other packages. */
public final class Playgrounds {

    private Playgrounds() {}

    public static Playground at(String url, InstantSource clock) {
        return new Playground(new Addresses(url, url), Settings.DEFAULT, clock);
    }

    public static OAuthProvider provider(Playground playground) {
        return new PlaygroundProvider(playground);
    }

    public static String clientSecret(Playground playground) {
        return playground.clientSecret();
    }

    public static String redirectUri(Playground playground) {
        return playground.addresses().redirectUri();
    }
}
