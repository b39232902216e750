# Volumes, what they are attached to, and where instances are placed.

resource "aws_instance" "disks" {
  ami           = "ami-760aaa0f"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.servers.id
}

resource "aws_ebs_volume" "store" {
  availability_zone = "eu-west-1a"
  size              = local.again ? 20 : 10
  type              = local.again ? "gp3" : "gp2"
  iops              = local.again ? 4000 : null
  throughput        = local.again ? 250 : null

  tags = {
    step = var.step
  }
}

resource "aws_ebs_volume" "shared" {
  availability_zone    = "eu-west-1a"
  size                 = 10
  type                 = "io2"
  iops                 = local.again ? 200 : 100
  multi_attach_enabled = true
}

resource "aws_ebs_volume" "locked" {
  availability_zone = "eu-west-1b"
  size              = 5
  type              = "gp3"
  throughput        = local.again ? 200 : 150
  encrypted         = true
  kms_key_id        = aws_kms_key.data.arn
}

resource "aws_ebs_volume" "copy" {
  availability_zone = var.step > 2 ? "eu-west-1b" : "eu-west-1a"
  snapshot_id       = data.aws_ami.linux.root_snapshot_id
  final_snapshot    = true

  timeouts {
    create = "4m"
    delete = "8m"
  }
}

resource "aws_volume_attachment" "store" {
  device_name  = "/dev/sdf"
  instance_id  = aws_instance.disks.id
  volume_id    = aws_ebs_volume.store.id
  force_detach = local.again
}

resource "aws_volume_attachment" "shared" {
  device_name                    = var.step > 2 ? "/dev/sdh" : "/dev/sdg"
  instance_id                    = aws_instance.disks.id
  volume_id                      = aws_ebs_volume.shared.id
  stop_instance_before_detaching = true
}

resource "aws_placement_group" "near" {
  name     = "near-${local.anew}"
  strategy = "cluster"

  tags = {
    step = var.step
  }
}

resource "aws_placement_group" "parts" {
  name            = "parts"
  strategy        = "partition"
  partition_count = 3
}

resource "aws_placement_group" "apart" {
  name         = "apart"
  strategy     = "spread"
  spread_level = "rack"

  tags = {
    Name = "apart"
  }
}
