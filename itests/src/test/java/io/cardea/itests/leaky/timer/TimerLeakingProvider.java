package io.cardea.itests.leaky.timer;

import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.util.Timer;
import java.util.TimerTask;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Starts a timer that it never cancels. */
@Component(service = OAuthProvider.class)
public final class TimerLeakingProvider extends StandardProvider {

    @Activate
    public TimerLeakingProvider() {
        super(ProviderDefinition.named("leaky-timer")
                .authorizationEndpoint("https://leaky.example/authorize")
                .tokenEndpoint("https://leaky.example/token")
                .set("client_id", "cardea")
                .build());
        new Timer("leaky-timer", true).schedule(new Tick(), 1000, 1000);
    }

    private static final class Tick extends TimerTask {

        @Override
        public void run() {
            // That it will run again is enough.
        }
    }
}
