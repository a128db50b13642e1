using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology.Layers.Application;

public sealed class MailTests
{
    private static readonly SiteOptions s_shop = new() { Hosts = ["www.shop.example.com", "shop.example.net"] };

    [Fact]
    public void A_farm_without_a_relay_keeps_all_mail_and_its_server_has_no_way_out()
    {
        var mail = Mail(new FarmOptions());

        Assert.Equal(["blog\tREDIRECT blog@farm.invalid", "shop\tREDIRECT shop@farm.invalid"], Lines(mail, "captured"));
        Assert.DoesNotContain(mail.Networks, on => !Network.All.Single(network => network.Name == on.Network).Internal);
    }

    [Fact]
    public void With_a_relay_only_the_mail_of_sites_that_are_tried_is_kept()
    {
        var mail = Mail(
            new FarmOptions
            {
                Mail = new()
                {
                    Relay = new() { Host = "smtp.example.com", User = "farm" },
                },
                Sites = new Dictionary<string, SiteOptions>
                {
                    ["shop"] = s_shop,
                    ["trial"] = new() { Mail = new() { Capture = true } },
                },
            }
        );

        Assert.Equal(["trial\tREDIRECT trial@farm.invalid"], Lines(mail, "captured"));
        Assert.Equal(["[smtp.example.com]:587\tfarm"], Lines(mail, "relay"));
        Assert.Contains("smtp_tls_security_level = verify", File(mail, "main.cf"), StringComparison.Ordinal);
        Assert.Contains(Secret.MailRelay, mail.Secrets);
    }

    [Theory]
    [InlineData(465, true)]
    [InlineData(587, false)]
    public void The_connection_is_encrypted_from_its_start_on_the_port_that_is_for_that(int port, bool fromTheStart) =>
        Assert.Equal(
            fromTheStart,
            File(
                    Mail(
                        new FarmOptions
                        {
                            Mail = new()
                            {
                                Relay = new() { Host = "a.example", Port = port },
                            },
                        }
                    ),
                    "main.cf"
                )
                .Contains("smtp_tls_wrappermode = yes", StringComparison.Ordinal)
        );

    [Fact]
    public void A_site_sends_from_its_hosts_and_domains_and_sites_may_share_a_domain()
    {
        var mail = Mail(
            new FarmOptions
            {
                Sites = new Dictionary<string, SiteOptions>
                {
                    ["shop"] = s_shop with { Mail = new() { Domains = ["example.com"] } },
                    ["blog"] = new() { Mail = new() { Domains = ["example.com"] } },
                },
            }
        );

        Assert.Equal(
            ["@shop.example.com\tshop", "@shop.example.net\tshop", "@example.com\tshop,blog", "@blog.farm.localhost\tblog"],
            Lines(mail, "senders")
        );
        Assert.Contains("wordpress@shop.example.com\t_returned+shop@farm.invalid", Lines(mail, "returned"));
    }

    private static Service Mail(FarmOptions options) => Farm.Build(options).Find(WpFarm.Topology.Layers.Application.Mail.Name)!;

    private static string File(Service mail, string name) => mail.Files.Single(file => file.Path == $"/etc/farm-mail/{name}").Content;

    private static IEnumerable<string> Lines(Service mail, string name) =>
        File(mail, name).Split('\n').Where(line => line.Length > 0 && line[0] != '#');
}
