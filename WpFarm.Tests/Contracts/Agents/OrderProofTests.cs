using WpFarm.Contracts.Agents;

namespace WpFarm.Tests.Contracts.Agents;

public sealed class OrderProofTests
{
    private const string Line = "POST /snapshots";
    private const string Agent = "uploads-backup";
    private const string Key = "of-the-agent";

    private static readonly DateTimeOffset s_at = DateTimeOffset.FromUnixTimeSeconds(1_795_626_000);

    /// <summary>Made with OpenSSL: <c>printf 'LINE\nAGENT\nSECONDS' | openssl dgst -sha256 -hmac KEY</c>.</summary>
    [Theory]
    [InlineData(Key, Line, Agent, 1_795_626_000, "be388e13be8cf54ea8c463db071556475c7f96906262e015b0b4f74da0769b9f")]
    [InlineData(
        Key,
        "GET /copy?since=5&contents=1",
        "mariadb-p1",
        1_795_626_000,
        "dd7126c945d3698e16815fdedcba27a8aefc76e8ad6e5be71efbe75b53a1b1d6"
    )]
    [InlineData(
        "sécret",
        "PUT /replay?from=1-1-4,2-2-7&until=1000000000",
        "mariadb-r2",
        0,
        "3a1ed0ea835d49773be69309f55a62027195ac45629f2a7ec2763ac61024375e"
    )]
    [InlineData(
        "0123456789abcdef0123456789abcdef",
        "DELETE /restore?id=%C3%BC%2F1",
        Agent,
        99_999_999_999,
        "734aa718c4426e2ef221ff98194fdbdb1a0ad30212293b19c7311b8a8c078b76"
    )]
    public void A_proof_is_the_code_that_OpenSSL_computes(string key, string line, string agent, long seconds, string hmac)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);

        Assert.Equal($"Proof {seconds} {hmac}", OrderProof.Of(line, agent, key, at).ToString());
        Assert.True(OrderProof.Parse($"Proof {seconds} {hmac}")!.IsValid(line, agent, [key], at));
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-300, true)]
    [InlineData(0, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void An_order_may_be_five_minutes_off_the_agents_clock(int seconds, bool valid) =>
        Assert.Equal(valid, OrderProof.Of(Line, Agent, Key, s_at).IsValid(Line, Agent, [Key], s_at.AddSeconds(seconds)));

    [Fact]
    public void An_order_to_one_agent_is_not_valid_for_another_or_for_another_order()
    {
        var proof = OrderProof.Of(Line, Agent, Key, s_at);

        Assert.False(proof.IsValid(Line, "another", [Key], s_at));
        Assert.False(proof.IsValid("GET /snapshots", Agent, [Key], s_at));
        Assert.False(proof.IsValid(Line + "?", Agent, [Key], s_at));
        Assert.False((proof with { Seconds = proof.Seconds + 1 }).IsValid(Line, Agent, [Key], s_at));
    }

    [Fact]
    public void While_a_key_is_changed_both_are_accepted()
    {
        Assert.True(OrderProof.Of(Line, Agent, Key, s_at).IsValid(Line, Agent, ["the-next", Key], s_at));
        Assert.False(OrderProof.Of(Line, Agent, Key, s_at).IsValid(Line, Agent, ["the-next"], s_at));
        Assert.False(OrderProof.Of(Line, Agent, Key, s_at).IsValid(Line, Agent, [], s_at));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Proof")]
    [InlineData("Bearer 1795626000 be388e13be8cf54ea8c463db071556475c7f96906262e015b0b4f74da0769b9f")]
    [InlineData("Proof 1795626000 BE388E13BE8CF54EA8C463DB071556475C7F96906262E015B0B4F74DA0769B9F")]
    [InlineData("Proof 1795626000 be388e13be8cf54ea8c463db071556475c7f96906262e015b0b4f74da0769b9")]
    [InlineData("Proof -1795626000 be388e13be8cf54ea8c463db071556475c7f96906262e015b0b4f74da0769b9f")]
    [InlineData("Proof 1795626000000 be388e13be8cf54ea8c463db071556475c7f96906262e015b0b4f74da0769b9f")]
    [InlineData("Proof  be388e13be8cf54ea8c463db071556475c7f96906262e015b0b4f74da0769b9f")]
    [InlineData("Proof 1795626000 be388e13be8cf54ea8c463db071556475c7f96906262e015b0b4f74da0769b9f ")]
    public void Anything_else_is_no_proof(string? authorization) => Assert.Null(OrderProof.Parse(authorization));
}
