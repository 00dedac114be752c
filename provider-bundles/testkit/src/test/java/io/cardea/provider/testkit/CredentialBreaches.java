package io.cardea.provider.testkit;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.JsonObject;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Providers that read or send wrongly what a credential is made of. */
final class CredentialBreaches {

    private static final String LOGIN = "a login in the browser goes all the way";

    private CredentialBreaches() {}

    static List<Breach> all() {
        List<Breach> all = new ArrayList<>();
        all.addAll(logins());
        all.addAll(devices());
        all.addAll(refreshes());
        all.addAll(ends());
        return all;
    }

    private static List<Breach> logins() {
        return List.of(
                Breach.of(LOGIN, "access token that the server did not give out", reading(c -> Credential.bearer("x"))),
                Breach.of(LOGIN, "brought no refresh token", reading(c -> change(c, Optional.empty(), c.idToken()))),
                Breach.of(
                        LOGIN,
                        "brought the scopes [openid,email]",
                        reading(c -> c.withScopes(List.of("openid,email")))),
                Breach.of(LOGIN, "read expires_in", reading(c -> c.withExpiresAt(Instant.EPOCH))),
                Breach.of(LOGIN, "redirect_uri is not that of the authorization request", Misdirected::new),
                Breach.of(
                        "a login whose code is pasted goes all the way", "redirect_uri is not that", configuration -> {
                            configuration.put("redirect_uri", "https://acme.example/code");
                            return new Misdirected(configuration);
                        }),
                Breach.of(
                        "a login brings an ID token that Cardea accepts",
                        "hand on id_token of the answer unchanged",
                        reading(c -> change(c, c.refreshToken(), Optional.empty()))),
                Breach.of(
                        "a code is exchanged by one request, once", "exchange() sent the code 2 times", Repeating::new),
                Breach.of(
                        "a refused code fails with the server's error",
                        "refused a code that it does not know with the error invalid_grant, and exchange() failed with"
                                + " the error provider_error",
                        Vague::new));
    }

    private static List<Breach> devices() {
        List<Breach> all = new ArrayList<>(List.of(
                Breach.of(
                        "a device is told its codes and where to enter them",
                        "a device code that the server did not give out",
                        beginning("made-up", "ABCD", 5)),
                Breach.of(
                        "a device is told its codes and where to enter them",
                        "nobody can type",
                        beginning("", "\t", 5)),
                Breach.of(
                        "a device is told its codes and where to enter them",
                        "interval of 0",
                        beginning("", "ABCD", 0)),
                Breach.of(
                        "a device login goes all the way",
                        "pollDevice() brought an access token that the server did not give out",
                        reading(c -> Credential.bearer("x")))));
        Stream.of("authorization_pending", "slow_down", "access_denied", "expired_token")
                .flatMap(error -> ProviderContract.all().stream()
                        .map(Check::name)
                        .filter(name -> name.startsWith("a poll says " + error)))
                .forEach(name ->
                        all.add(Breach.of(name, "pollDevice() failed with the error provider_error", Vague::new)));
        return all;
    }

    private static List<Breach> refreshes() {
        return List.of(
                Breach.of(
                        "a refresh brings the next access token",
                        "refresh() brought the old access token",
                        refreshing((before, after) -> before)),
                Breach.of(
                        "a refresh brings the next refresh token where there is one",
                        "refresh() brought the spent one",
                        refreshing((before, after) ->
                                after.withRefreshToken(before.refreshToken().orElseThrow()))),
                Breach.of(
                        "a refresh that brings no refresh token keeps the old one",
                        "refresh() brought another",
                        refreshing((before, after) -> after.withRefreshToken("made-up"))),
                Breach.of(
                        "a refused refresh fails with invalid_grant",
                        "refresh() failed with the error provider_error",
                        Vague::new));
    }

    private static List<Breach> ends() {
        return List.of(
                Breach.of("a revoked credential is dead at the server", "the server still accepts", Forgiving::new),
                Breach.of(
                        "a credential without a refresh token is revoked, too",
                        "the server still accepts its access token",
                        Forgiving::new),
                Breach.of(
                                "what was revoked already is revoked with success",
                                "already failed with the error invalid_grant",
                                AcmeProvider::new)
                        .before(Pedantic::new),
                Breach.of(
                                "the profile tells subject and account",
                                "profile() tells no subject",
                                knowing(new Profile(Optional.empty(), Optional.of("ada@acme.example"))))
                        .before(Plain::new),
                Breach.of(
                        "the profile tells subject and account",
                        "profile() tells the account ada, and the person knows it as ada@acme.example",
                        knowing(new Profile(Optional.of("1815-12-10"), Optional.of("ada")))),
                Breach.of("the profile of a dead credential is a failure", "profile() succeeded", Trusting::new));
    }

    private static Credential change(Credential c, Optional<String> refreshToken, Optional<String> idToken) {
        return new Credential(
                c.accessToken(), c.tokenType(), c.expiresAt(), refreshToken, idToken, c.scopes(), c.attributes());
    }

    private static Function<Map<String, Object>, OAuthProvider> reading(UnaryOperator<Credential> change) {
        return configuration -> new AcmeProvider(configuration) {
            @Override
            protected Credential credential(JsonObject answer, Instant now) {
                return change.apply(super.credential(answer, now));
            }
        };
    }

    private static Function<Map<String, Object>, OAuthProvider> beginning(
            String deviceCode, String userCode, int interval) {
        return configuration -> new AcmeProvider(configuration) {
            @Override
            public CompletionStage<DeviceAuthorization> authorizeDevice(List<String> scopes, ProviderContext context) {
                return super.authorizeDevice(scopes, context)
                        .thenApply(device -> new DeviceAuthorization(
                                deviceCode.isEmpty() ? device.deviceCode() : deviceCode,
                                userCode,
                                device.verificationUri(),
                                device.verificationUriComplete(),
                                device.expiresAt(),
                                interval));
            }
        };
    }

    private interface Refreshed {
        Credential of(Credential before, Credential after);
    }

    private static Function<Map<String, Object>, OAuthProvider> refreshing(Refreshed change) {
        return configuration -> new AcmeProvider(configuration) {
            @Override
            public CompletionStage<Credential> refresh(Credential credential, ProviderContext context) {
                return super.refresh(credential, context).thenApply(after -> change.of(credential, after));
            }
        };
    }

    private static Function<Map<String, Object>, OAuthProvider> knowing(Profile known) {
        return configuration -> new AcmeProvider(configuration) {
            @Override
            protected Profile profile(JsonObject userinfo) {
                return known;
            }
        };
    }

    /** Sends another redirect URI than that of the login. */
    private static final class Misdirected extends AcmeProvider {

        Misdirected(Map<String, ?> configuration) {
            super(configuration);
        }

        @Override
        protected void tokenParameters(AuthorizationCode code, Map<String, String> parameters) {
            parameters.put("redirect_uri", code.redirectUri() + "/");
        }
    }

    /** Sends a code twice, to be on the safe side. */
    private static final class Repeating extends AcmeProvider {

        Repeating(Map<String, ?> configuration) {
            super(configuration);
        }

        @Override
        public CompletionStage<Credential> exchange(AuthorizationCode code, ProviderContext context) {
            return super.exchange(code, context)
                    .thenCompose(first -> super.exchange(code, context).exceptionally(thrown -> first));
        }
    }

    /** Knows one error alone. */
    private static final class Vague extends AcmeProvider {

        Vague(Map<String, ?> configuration) {
            super(configuration);
        }

        private static <T> T vaguely(Throwable thrown) {
            throw new ProviderException(ProviderException.PROVIDER_ERROR, "it did not work", thrown);
        }

        @Override
        public CompletionStage<Credential> exchange(AuthorizationCode code, ProviderContext context) {
            return super.exchange(code, context).exceptionally(Vague::vaguely);
        }

        @Override
        public CompletionStage<Credential> refresh(Credential credential, ProviderContext context) {
            return super.refresh(credential, context).exceptionally(Vague::vaguely);
        }

        @Override
        public CompletionStage<Credential> pollDevice(DeviceAuthorization device, ProviderContext context) {
            return super.pollDevice(device, context).exceptionally(Vague::vaguely);
        }
    }

    /** Says that it has revoked, and has not. */
    private static final class Forgiving extends AcmeProvider {

        Forgiving(Map<String, ?> configuration) {
            super(configuration);
        }

        @Override
        public CompletionStage<Void> revoke(Credential credential, ProviderContext context) {
            return completedFuture(null);
        }
    }

    /** Takes whatever is answered for a person. */
    private static final class Trusting extends AcmeProvider {

        Trusting(Map<String, ?> configuration) {
            super(configuration);
        }

        @Override
        public CompletionStage<Profile> profile(Credential credential, ProviderContext context) {
            return super.profile(credential, context).exceptionally(thrown -> Profile.UNKNOWN);
        }
    }

    /** A server without OpenID Connect. */
    private static final class Plain extends AuthorizationServer {

        @Override
        protected Map<String, String> endpoints() {
            Map<String, String> endpoints = super.endpoints();
            endpoints.remove("jwks_uri");
            return endpoints;
        }
    }

    /** A server that refuses to revoke what it does not know. */
    private static final class Pedantic extends AuthorizationServer {

        @Override
        protected Answer revocation(ReceivedRequest request) {
            if (!revoke(request.form().getOrDefault("token", ""))) {
                throw new Refusal("invalid_grant", "There is no such token.");
            }
            return Answer.empty(200);
        }
    }
}
