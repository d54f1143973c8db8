using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Parley.Server.Records.Migrations
{
    /// <inheritdoc />
    public partial class Hosts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "HandRaisedAt",
                table: "Stays",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Role",
                table: "Stays",
                type: "TEXT",
                nullable: false,
                defaultValue: "Participant");

            // Who had the creator secret was what a host is now.
            migrationBuilder.Sql("UPDATE \"Stays\" SET \"Role\" = 'Host' WHERE \"IsCreator\"");

            migrationBuilder.DropColumn(
                name: "IsCreator",
                table: "Stays");

            migrationBuilder.AddColumn<int>(
                name: "Capacity",
                table: "Meetings",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ExpiresAt",
                table: "Meetings",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "JoinTone",
                table: "Meetings",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "Lasting",
                table: "Meetings",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "Lobby",
                table: "Meetings",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "Locked",
                table: "Meetings",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "MayChat",
                table: "Meetings",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<bool>(
                name: "MayRename",
                table: "Meetings",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<bool>(
                name: "MayShareScreen",
                table: "Meetings",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<bool>(
                name: "MayUnmute",
                table: "Meetings",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<bool>(
                name: "MayUseCamera",
                table: "Meetings",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<long>(
                name: "NotBefore",
                table: "Meetings",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "PasscodeHash",
                table: "Meetings",
                type: "BLOB",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "HostActions",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MeetingId = table.Column<string>(type: "TEXT", nullable: false),
                    Action = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    ById = table.Column<string>(type: "TEXT", nullable: true),
                    By = table.Column<string>(type: "TEXT", nullable: true),
                    TargetId = table.Column<string>(type: "TEXT", nullable: true),
                    Target = table.Column<string>(type: "TEXT", nullable: true),
                    Detail = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_HostActions", x => x.Key);
                    table.ForeignKey(
                        name: "FK_HostActions_Meetings_MeetingId",
                        column: x => x.MeetingId,
                        principalTable: "Meetings",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_HostActions_MeetingId_Key",
                table: "HostActions",
                columns: new[] { "MeetingId", "Key" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "HostActions");

            migrationBuilder.DropColumn(
                name: "HandRaisedAt",
                table: "Stays");

            migrationBuilder.DropColumn(
                name: "Role",
                table: "Stays");

            migrationBuilder.DropColumn(
                name: "Capacity",
                table: "Meetings");

            migrationBuilder.DropColumn(
                name: "ExpiresAt",
                table: "Meetings");

            migrationBuilder.DropColumn(
                name: "JoinTone",
                table: "Meetings");

            migrationBuilder.DropColumn(
                name: "Lasting",
                table: "Meetings");

            migrationBuilder.DropColumn(
                name: "Lobby",
                table: "Meetings");

            migrationBuilder.DropColumn(
                name: "Locked",
                table: "Meetings");

            migrationBuilder.DropColumn(
                name: "MayChat",
                table: "Meetings");

            migrationBuilder.DropColumn(
                name: "MayRename",
                table: "Meetings");

            migrationBuilder.DropColumn(
                name: "MayShareScreen",
                table: "Meetings");

            migrationBuilder.DropColumn(
                name: "MayUnmute",
                table: "Meetings");

            migrationBuilder.DropColumn(
                name: "MayUseCamera",
                table: "Meetings");

            migrationBuilder.DropColumn(
                name: "NotBefore",
                table: "Meetings");

            migrationBuilder.DropColumn(
                name: "PasscodeHash",
                table: "Meetings");

            migrationBuilder.AddColumn<bool>(
                name: "IsCreator",
                table: "Stays",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);
        }
    }
}
