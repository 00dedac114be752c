package io.cardea.itests.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.DispatcherType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.core.oidc.StandardClaimNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Listens on a free port, which it prints, until its input ends: it does not outlive the test that started it. Each line
 * of its input is one more redirect URI to allow, since a client may know its own port late.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({Clients.class, DevicePages.class, ForgottenConsents.class})
public class AuthorizationServer {

    public static void main(String[] arguments) throws IOException {
        ConfigurableApplicationContext context = SpringApplication.run(AuthorizationServer.class, arguments);
        System.out.println("listening on " + context.getEnvironment().getRequiredProperty("local.server.port"));
        Clients clients = context.getBean(Clients.class);
        try (BufferedReader redirectUris = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            for (String uri = redirectUris.readLine(); uri != null; uri = redirectUris.readLine()) {
                clients.allow(uri);
                System.out.println("allowed " + uri);
            }
        }
        System.exit(0);
    }

    @Bean
    SecurityFilterChain endpoints(HttpSecurity http) {
        return http.oauth2AuthorizationServer(server -> server.oidc(Customizer.withDefaults())
                        .deviceAuthorizationEndpoint(device -> device.verificationUri(DevicePages.VERIFICATION)))
                .oauth2ResourceServer(userinfo -> userinfo.jwt(Customizer.withDefaults()))
                // Else a wrong request is not told so, but sent to log in.
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .formLogin(Customizer.withDefaults())
                .build();
    }

    /** Userinfo shows those claims of the ID token that the scopes allow. */
    @Bean
    OAuth2TokenCustomizer<JwtEncodingContext> claims() {
        return token -> {
            if (token.getTokenType().getValue().equals(OidcParameterNames.ID_TOKEN)) {
                token.getClaims().claim(StandardClaimNames.EMAIL, "ada@server.example");
            }
        };
    }
}
