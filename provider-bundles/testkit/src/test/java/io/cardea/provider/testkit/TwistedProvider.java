package io.cardea.provider.testkit;

import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ProviderContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A provider each call of which goes through the hands of somebody clumsy; logins work until the server misbehaves. */
abstract class TwistedProvider extends AcmeProvider {

    private static final DeviceAuthorization DEVICE =
            new DeviceAuthorization("d", "u", "https://acme.example", Optional.empty(), Instant.EPOCH, 5);
    private static final Profile NOBODY = new Profile(Optional.of("nobody"), Optional.empty());

    private final String clientSecret;

    TwistedProvider(Map<String, ?> configuration) {
        super(configuration);
        clientSecret = String.valueOf(configuration.get("client_secret"));
    }

    /**
     * What becomes of a call.
     *
     * @param anyway something that could be answered
     * @param secret something that should not be told
     */
    abstract <T> CompletionStage<T> twist(Supplier<CompletionStage<T>> call, T anyway, String secret);

    @Override
    public CompletionStage<Credential> exchange(AuthorizationCode code, ProviderContext context) {
        return twist(() -> super.exchange(code, context), Credential.bearer("x"), code.code());
    }

    @Override
    public CompletionStage<Credential> refresh(Credential credential, ProviderContext context) {
        return twist(
                () -> super.refresh(credential, context),
                Credential.bearer("x"),
                credential.refreshToken().orElseThrow());
    }

    @Override
    public CompletionStage<Void> revoke(Credential credential, ProviderContext context) {
        return twist(() -> super.revoke(credential, context), null, credential.accessToken());
    }

    @Override
    public CompletionStage<Profile> profile(Credential credential, ProviderContext context) {
        return twist(() -> super.profile(credential, context), NOBODY, credential.accessToken());
    }

    @Override
    public CompletionStage<DeviceAuthorization> authorizeDevice(List<String> scopes, ProviderContext context) {
        return twist(() -> super.authorizeDevice(scopes, context), DEVICE, clientSecret);
    }

    @Override
    public CompletionStage<Credential> pollDevice(DeviceAuthorization device, ProviderContext context) {
        return twist(() -> super.pollDevice(device, context), Credential.bearer("x"), device.deviceCode());
    }
}
